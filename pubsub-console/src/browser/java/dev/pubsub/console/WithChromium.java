package dev.pubsub.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/** Runs where there is a browser, and says so where there is none. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
        value = "dev.pubsub.console.Chromium#isInstalled",
        disabledReason = "The browser tests are skipped: no /usr/bin/chromium and /usr/bin/chromedriver here"
                + " (Debian's packages chromium and chromium-driver)")
public @interface WithChromium {}

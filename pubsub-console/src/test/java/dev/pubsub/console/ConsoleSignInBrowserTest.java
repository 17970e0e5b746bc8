package dev.pubsub.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.PubSub;
import dev.pubsub.Subscription.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;

/** The page behind Spring Security, in a real browser: the token that protects against forgery is sent. */
@WithChromium
class ConsoleSignInBrowserTest {

    private final Chromium browser = new Chromium();

    @AfterEach
    void closeTheBrowser() throws Exception {
        browser.close();
    }

    /** As Boot sets it up, where the session keeps the token; and as single-page applications do, in a cookie. */
    @ParameterizedTest
    @ValueSource(classes = {ConsoleTests.App.class, Spa.class})
    void somebodyWhoHasSignedInCanOperate(Class<?> configuration) {
        try (Served application = Served.secured(WebApplicationType.SERVLET, configuration)) {
            signIn(application, "ada", "secret");

            pause();

            browser.awaitText("[data-subscription=orders]", "Paused by hand");
            assertThat(state(application)).isEqualTo(State.PAUSED);
        }
    }

    @Test
    void somebodyWhoMayOnlyReadIsToldSo() {
        try (Served application = Served.secured(WebApplicationType.SERVLET, ConsoleSecurityTests.Guarded.class)) {
            signIn(application, "reader", "r");

            pause();

            browser.awaitText("dialog .error", "You are not permitted to do this.");
            assertThat(state(application)).isEqualTo(State.RUNNING);
        }
    }

    private void signIn(Served application, String user, String password) {
        browser.open(application.address("/pubsub"));
        browser.find("[name=username]").sendKeys(user);
        browser.find("[name=password]").sendKeys(password);
        browser.press("form", "Sign in");
        browser.awaitText("[data-subscription=orders]", "running");
    }

    private void pause() {
        browser.press("[data-subscription=orders]", "Pause");
        browser.press("dialog", "Pause");
    }

    private static State state(Served application) {
        return application
                .bean(PubSub.class)
                .subscription("orders")
                .orElseThrow()
                .state();
    }

    /** Boot's own chain, but for the token. */
    @Configuration(proxyBeanMethods = false)
    @Import(ConsoleTests.App.class)
    static class Spa {
        @Bean
        Customizer<CsrfConfigurer<HttpSecurity>> tokenInACookie() {
            return CsrfConfigurer::spa;
        }
    }
}

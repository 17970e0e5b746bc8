package dev.pubsub.sample.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.console.Chromium;
import dev.pubsub.console.WithChromium;
import dev.pubsub.sample.Features;
import dev.pubsub.sample.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * The console under load, light and dark, wide and narrow, as pictures in the build directory. Those in the
 * documentation come from here: {@code -Dconsole.screenshots=../docs}.
 */
@WithChromium
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "quakewatch.feed.rate=70")
class ConsoleScreenshotTest {

    private static final int LARGEST = 200_000;

    @LocalServerPort
    private int port;

    @Test
    void shouldLookTheSameEverywhere() throws Exception {
        Path folder = Path.of(System.getProperty("console.screenshots", "target/console"));
        Files.createDirectories(folder);
        RunningApp app = new RunningApp(port);
        try (Chromium browser = new Chromium()) {
            browser.size(1280, 1175);
            browser.open("http://localhost:" + port + "/pubsub");
            browser.awaitText("[data-subscription=statistics]", "/s");
            // Enough of a history for the charts, which is a long one only for the documentation.
            int history = System.getProperty("console.screenshots") == null ? 200 : 1_000;
            await().atMost(Duration.ofSeconds(60)).until(() -> app.figure("statistics", "completed") > history);
            app.gateway("hang");
            app.report(Features.feature("hangs", "6.1", "earthquake", 1, 1));
            browser.awaitText("#groups", "HandlerTimeoutException");
            app.gateway("down");
            for (int i = 0; i < 25; i++) {
                app.report(Features.feature("waits-" + i, "6.1", "earthquake", 1, 1));
            }
            browser.awaitText("[data-subscription=alerts]", "Paused by its circuit breaker");
            browser.awaitText("[data-subscription=catalog] figure:nth-child(2)", "max");
            browser.find("#groups summary").click();
            browser.find(".letters .letter");
            for (String scheme : new String[] {"light", "dark"}) {
                browser.scheme(scheme);
                browser.script("window.scrollTo(0, 0)");
                save(browser, folder.resolve("console-" + scheme + ".png"));
            }
            browser.scheme("light");
            browser.size(360, 1400);
            save(browser, Path.of("target/console").resolve("console-narrow.png"));
            assertThat(browser.complaints()).isEmpty();
        }
        app.gateway("up");
    }

    private static void save(Chromium browser, Path file) throws IOException {
        byte[] picture = browser.screenshot();
        assertThat(picture).hasSizeBetween(10_000, LARGEST);
        Files.createDirectories(file.getParent());
        Files.write(file, picture);
    }
}

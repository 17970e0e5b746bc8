package dev.pubsub.sample.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.console.Chromium;
import dev.pubsub.console.WithChromium;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Where access is read-only, the buttons are there and say why they cannot be pressed. */
@WithChromium
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"quakewatch.feed.enabled=false", "management.endpoints.access.max-permitted=read-only"})
class ConsoleReadOnlyBrowserTest {

    @LocalServerPort
    private int port;

    @Test
    void shouldOfferNothingThatIsForbidden() throws Exception {
        try (Chromium browser = new Chromium()) {
            browser.open("http://localhost:" + port + "/actuator/pubsubconsole");
            browser.awaitText("[data-subscription=alerts]", "running");

            assertThat(browser.text("#notices"))
                    .contains(
                            "Read-only: the endpoint pubsub permits",
                            "Read-only: the endpoint pubsubdeadletters permits");
            assertThat(browser.find("[data-subscription=alerts] button").isEnabled())
                    .isFalse();
            assertThat(browser.find("[data-subscription=alerts] button").getDomAttribute("title"))
                    .contains("Read-only", "management.endpoint.pubsub.access");
            assertThat(browser.find("#replay-all").isEnabled()).isFalse();
            assertThat(browser.find("#discard-all").isEnabled()).isFalse();
            assertThat(browser.complaints()).isEmpty();
        }
    }
}

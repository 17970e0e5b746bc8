package dev.pubsub.sample.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.console.Chromium;
import dev.pubsub.console.WithChromium;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebElement;
import org.springframework.beans.factory.annotation.Autowired;
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

    @Autowired
    private PubSub pubSub;

    @Test
    void shouldOfferNothingThatIsForbiddenAndSayWhy() throws Exception {
        pubSub.subscribe(
                SubscriptionSpec.builder("billing", "orders.*")
                        .retry(RetryPolicy.disabled())
                        .build(),
                (copy, delivery) -> {
                    throw new IllegalStateException("no such account");
                });
        pubSub.publish("orders.created", "order");

        try (Chromium browser = new Chromium()) {
            browser.open("http://localhost:" + port + "/actuator/pubsubconsole");
            browser.find("#groups .group summary").click();
            browser.find(".letter summary").click();
            browser.find(".letter .detail");

            assertThat(browser.buttons("[data-subscription=billing]"))
                    .extracting(WebElement::getText)
                    .containsExactly("Pause");
            assertThat(browser.buttons("[data-subscription=billing]"))
                    .allSatisfy(button -> says(
                            button, "Read-only: the endpoint pubsub permits", "management.endpoint.pubsub.access"));
            List<WebElement> buttons = browser.buttons("#deadletters").stream()
                    .filter(button -> button.getText().matches("(Replay|Discard).*"))
                    .toList();
            assertThat(buttons)
                    .extracting(WebElement::getText)
                    .containsExactly(
                            "Replay all…",
                            "Discard all…",
                            "Replay selected…",
                            "Discard selected…",
                            "Replay group…",
                            "Discard group…",
                            "Replay…",
                            "Discard…");
            assertThat(buttons)
                    .allSatisfy(button -> says(
                            button,
                            "Read-only: the endpoint pubsubdeadletters permits",
                            "management.endpoint.pubsubdeadletters.access"));
            assertThat(browser.text("#notices"))
                    .contains(
                            "Read-only: the endpoint pubsub permits",
                            "Read-only: the endpoint pubsubdeadletters permits");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static void says(WebElement button, String... why) {
        assertThat(button.isEnabled()).as(button.getText()).isFalse();
        assertThat(button.getDomAttribute("title")).as(button.getText()).contains(why);
    }
}

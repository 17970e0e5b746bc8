package dev.pubsub.sample.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import dev.pubsub.PubSub;
import dev.pubsub.RetryPolicy;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.console.Chromium;
import dev.pubsub.console.WithChromium;
import dev.pubsub.sample.RunningApp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Replaying and discarding in the console: all, a group, those selected, and one. */
@WithChromium
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "quakewatch.feed.enabled=false")
class ConsoleDeadLettersBrowserTest {

    private static final String GROUP = "#groups .group";
    private static final String FAILED = GROUP + ":not([data-key=none])";
    private static final String SHED = GROUP + "[data-key=none]";

    private static Chromium browser;

    @LocalServerPort
    private int port;

    @Autowired
    private PubSub pubSub;

    private final List<Subscription> subscribed = new ArrayList<>();

    private RunningApp app;

    @BeforeAll
    static void openTheBrowser() {
        browser = new Chromium();
    }

    @AfterAll
    static void closeTheBrowser() throws IOException {
        browser.close();
    }

    @BeforeEach
    void openTheConsole() {
        app = new RunningApp(port);
        app.discardDeadLetters();
        browser.open("http://localhost:" + port + "/pubsub");
        browser.awaitText("#groups", "No dead letters");
    }

    @AfterEach
    void nothingWasBlockedOrBroken() {
        subscribed.forEach(Subscription::close);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void shouldReplayAllAtARateWithItsProgressAndDiscardTheRest() {
        billingFails(30);
        browser.awaitText(GROUP + " .count", "30");

        browser.press("#dead-tools", "Replay all…");
        browser.awaitText("dialog", "Replay 30 dead letters?");
        browser.find("#replay-rate").sendKeys("5");
        browser.press("dialog", "Replay");

        browser.awaitText("#replays", "of 30 replayed");
        browser.find("#replays progress");
        browser.press("#replays", "Stop");
        browser.awaitText("#replays", "stopped");
        browser.awaitText(GROUP + " .count", "30"); // those that were replayed have failed again

        browser.press("#dead-tools", "Discard all…");
        assertThat(browser.text("dialog")).contains("Discard all dead letters?", "for good");
        browser.press("dialog", "Discard");

        browser.awaitText("#groups", "No dead letters");
        assertThat(pubSub.deadLetters().size()).isZero();
    }

    @Test
    void shouldReplayAGroupAndNoOther() {
        Recorder billing = billingFails(3);
        Recorder mails = mailsShed(2);

        pressIn(SHED, "Replay group…");
        browser.awaitText("dialog", "Replay 2 dead letters without an exception?");
        browser.press("dialog", "Replay");

        browser.awaitGone(SHED);
        mails.awaitHandled("mail 0", "mail 1", "mail 2", "mail 3");
        assertThat(payloads("billing")).hasSize(3);

        billing.broken = false;
        pressIn(FAILED, "Replay group…");
        browser.awaitText("dialog", "Replay 3 dead letters with IllegalStateException?");
        browser.find("#replay-rate").sendKeys("10");
        browser.press("dialog", "Replay");

        browser.awaitText("#groups", "No dead letters");
        billing.awaitHandled("order 0", "order 1", "order 2");
    }

    @Test
    void shouldDiscardAGroupAndNoOther() {
        billingFails(3);
        Recorder mails = mailsShed(2);

        pressIn(SHED, "Discard group…");
        browser.awaitText("dialog", "Discard all dead letters without an exception?");
        browser.press("dialog", "Discard");

        browser.awaitGone(SHED);
        assertThat(payloads("mails")).isEmpty();
        assertThat(payloads("billing")).hasSize(3);

        pressIn(FAILED, "Discard group…");
        browser.awaitText("dialog", "Discard all dead letters with IllegalStateException?");
        browser.press("dialog", "Discard");

        browser.awaitText("#groups", "No dead letters");
        assertThat(pubSub.deadLetters().size()).isZero();
        mails.awaitHandled("mail 0", "mail 1");
    }

    @Test
    void shouldReplayWhatIsSelected() {
        Recorder billing = billingFails(3);
        selectTheFirstAndTheThird();
        billing.broken = false;

        browser.press(GROUP, "Replay selected…");
        browser.awaitText("dialog", "Replay 2 dead letters?");
        browser.press("dialog", "Replay");

        browser.awaitText(GROUP + " .count", "1");
        assertThat(payloads("billing")).containsExactly("order 1");
        billing.awaitHandled("order 0", "order 2");
    }

    @Test
    void shouldDiscardWhatIsSelectedAndThenASingleOne() {
        billingFails(3);
        selectTheFirstAndTheThird();

        browser.press(GROUP, "Discard selected…");
        browser.awaitText("dialog", "Discard 2 dead letters?");
        browser.press("dialog", "Discard");

        browser.awaitText(GROUP + " .count", "1");
        assertThat(payloads("billing")).containsExactly("order 1");

        browser.find(".letter summary").click();
        browser.press(".letter", "Discard…");
        browser.awaitText("dialog", "Discard 1 dead letter?");
        assertThat(browser.text("dialog")).contains("for good");
        browser.press("dialog", "Discard");

        browser.awaitText("#groups", "No dead letters");
        assertThat(pubSub.deadLetters().size()).isZero();
    }

    /** Fails with an exception, until it is mended. */
    private Recorder billingFails(int count) {
        Recorder billing = new Recorder();
        billing.broken = true;
        subscribe(SubscriptionSpec.builder("billing", "orders.*"), billing);
        publish("orders.created", "order ", count);
        await().until(() -> pubSub.deadLetters().size() == count);
        return billing;
    }

    /** Had no room for some while it was paused, which become dead letters without an exception; goes on now. */
    private Recorder mailsShed(int count) {
        Recorder mails = new Recorder();
        Subscription paused = subscribe(
                SubscriptionSpec.builder("mails", "mails.*").queueCapacity(1).whenFull(WhenFull.DEAD_LETTER), mails);
        paused.pause();
        publish("mails.out", "mail ", 2 + count); // there is one place in the queue, and one for what is active
        assertThat(payloads("mails")).hasSize(count);
        paused.resume();
        await().until(() -> app.figure("mails", "queued") + app.figure("mails", "active") == 0);
        return mails;
    }

    private Subscription subscribe(SubscriptionSpec.Builder<Object> spec, Recorder handler) {
        Subscription subscription = pubSub.subscribe(
                spec.retry(RetryPolicy.disabled())
                        .circuitBreaker(BreakerPolicy.disabled())
                        .build(),
                handler);
        subscribed.add(subscription);
        return subscription;
    }

    private void publish(String topic, String payload, int count) {
        IntStream.range(0, count).forEach(i -> pubSub.publish(topic, payload + i));
    }

    private List<String> payloads(String subscription) {
        return app.deadLetters(subscription).stream()
                .map(letter -> letter.get("message").get("payload").stringValue())
                .toList();
    }

    private void pressIn(String group, String button) {
        browser.find(group + " summary").click();
        browser.press(group, button);
    }

    private void selectTheFirstAndTheThird() {
        browser.find(GROUP + " summary").click();
        browser.find(".letter:nth-child(1) input").click();
        browser.find(".letter:nth-child(3) input").click();
    }

    /** Keeps what it was given while it works. */
    private static final class Recorder implements MessageHandler<Object> {

        private final Queue<Object> handled = new ConcurrentLinkedQueue<>();
        private volatile boolean broken;

        @Override
        public void handle(Message<Object> message, Delivery delivery) {
            if (broken) {
                throw new IllegalStateException("no such account");
            }
            handled.add(message.payload());
        }

        void awaitHandled(Object... payloads) {
            await().untilAsserted(() -> assertThat(handled).containsExactly(payloads));
        }
    }
}

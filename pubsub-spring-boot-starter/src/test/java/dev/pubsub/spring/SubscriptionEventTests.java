package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.Subscription;
import dev.pubsub.spi.SubscriptionListener;
import dev.pubsub.spring.event.MessageDeadLettered;
import dev.pubsub.spring.event.PauseCause;
import dev.pubsub.spring.event.SubscriptionEvent;
import dev.pubsub.spring.event.SubscriptionPaused;
import dev.pubsub.spring.event.SubscriptionQuarantined;
import dev.pubsub.spring.event.SubscriptionResumed;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

/** Application events for those who alert from code. */
@ExtendWith(OutputCaptureExtension.class)
class SubscriptionEventTests {

    private final ApplicationContextRunner runner =
            Starter.runner().withBean(Handlers.class).withBean(OnCall.class);

    @Test
    void pauseAndResumeArePublishedWithTheirCause() {
        runner.run(Starter.balanced(context -> {
            Subscription subscription =
                    context.getBean(PubSub.class).subscription("handling").orElseThrow();
            Instant before = Instant.now().minusMillis(1);

            subscription.pause();
            subscription.resume();

            OnCall onCall = context.getBean(OnCall.class);
            Starter.soon().until(() -> onCall.events.size() == 2);
            assertThat(onCall.events).allSatisfy(event -> assertThat(event.at()).isBetween(before, Instant.now()));
            assertThat(onCall.events)
                    .containsExactly(
                            new SubscriptionPaused(
                                    "handling",
                                    PauseCause.MANUAL,
                                    onCall.events.get(0).at()),
                            new SubscriptionResumed(
                                    "handling",
                                    PauseCause.MANUAL,
                                    onCall.events.get(1).at()));
        }));
    }

    @Test
    void aTrippedBreakerIsPublishedAsAPause() {
        runner.withPropertyValues(
                        "pubsub.subscriptions.failing.retry.max-attempts=10",
                        "pubsub.subscriptions.failing.circuit-breaker.minimum-number-of-calls=2",
                        "pubsub.subscriptions.failing.circuit-breaker.sliding-window-size=2")
                .run(Starter.balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);

                    pubSub.publish("failing", 1);
                    pubSub.publish("failing", 2);

                    OnCall onCall = context.getBean(OnCall.class);
                    Starter.soon().until(() -> onCall.events.size() == 1);
                    assertThat(onCall.events.get(0)).isInstanceOfSatisfying(SubscriptionPaused.class, paused -> {
                        assertThat(paused.subscriptionId()).isEqualTo("failing");
                        assertThat(paused.cause().pausedBy())
                                .isEqualTo("circuit-breaker")
                                .isEqualTo(pausedBy(pubSub, "failing"));
                    });
                }));
    }

    @Test
    void aQuarantineIsPublished() {
        runner.withPropertyValues(
                        "pubsub.subscriptions.hanging.timeout=50ms", "pubsub.subscriptions.hanging.max-abandoned=1")
                .run(Starter.balanced(context -> {
                    context.getBean(PubSub.class).publish("hanging", 1);

                    OnCall onCall = context.getBean(OnCall.class);
                    Starter.soon().untilAsserted(() -> assertThat(onCall.events)
                            .extracting(event -> event.getClass(), SubscriptionEvent::subscriptionId)
                            .contains(tuple(SubscriptionQuarantined.class, "hanging")));
                    context.getBean(Handlers.class).release.countDown();
                }));
    }

    @Test
    void aDeadLetterIsPublishedWithoutWhatItHolds() throws Exception {
        runner.run(Starter.balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            Message<?> message = Message.builder("rejecting", "secret payload")
                    .key("secret key")
                    .header("h", "secret header")
                    .build();

            assertThat(Starter.outcome(pubSub, "rejecting", message)).isEqualTo(Outcome.DEAD_LETTERED);

            OnCall onCall = context.getBean(OnCall.class);
            Starter.soon().until(() -> onCall.events.size() == 1);
            assertThat(onCall.events.get(0)).isInstanceOfSatisfying(MessageDeadLettered.class, event -> {
                assertThat(event.messageId()).isEqualTo(message.id());
                assertThat(event.topic()).isEqualTo("rejecting");
                assertThat(event.reason()).isEqualTo(Reason.REJECTED);
                assertThat(event.attempts()).isEqualTo(1);
                assertThat(event.exceptionType()).isEqualTo(RejectMessageException.class.getName());
                assertThat(pubSub.deadLetters().get(event.deadLetterId())).isPresent();
                assertThat(event.toString()).doesNotContain("secret");
            });
        }));
    }

    @Test
    void aListenerThatThrowsIsLoggedAndHarmsNothing(CapturedOutput output) {
        runner.withBean(FailingListener.class).run(Starter.balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            Subscription subscription = pubSub.subscription("handling").orElseThrow();

            subscription.pause();
            Starter.soon().until(() -> output.getAll().contains("listener of the application"));
            subscription.resume();

            assertThat(Starter.outcome(pubSub, "handling", Message.of("handling", 1)))
                    .isEqualTo(Outcome.COMPLETED);
            OnCall onCall = context.getBean(OnCall.class);
            Starter.soon()
                    .untilAsserted(() -> assertThat(onCall.events).last().isInstanceOf(SubscriptionResumed.class));
        }));
    }

    @Test
    void aListenerOfTheEngineMayBeABeanToo() {
        List<String> told = new CopyOnWriteArrayList<>();
        SubscriptionListener listener = new SubscriptionListener() {
            @Override
            public void paused(String subscriptionId, Cause cause, Instant at) {
                told.add(subscriptionId);
            }
        };
        runner.withBean(SubscriptionListener.class, () -> listener).run(Starter.balanced(context -> {
            context.getBean(PubSub.class).subscription("handling").orElseThrow().pause();

            Starter.soon().until(() -> told.equals(List.of("handling")));
            Starter.soon().until(() -> context.getBean(OnCall.class).events.size() == 1);
        }));
    }

    private static String pausedBy(PubSub pubSub, String id) {
        return Stream.of(pubSub.snapshot())
                .flatMap(snapshot -> snapshot.subscriptions().stream())
                .filter(figures -> figures.id().equals(id))
                .findFirst()
                .orElseThrow()
                .pausedBy();
    }

    static class OnCall {

        private final List<SubscriptionEvent> events = new CopyOnWriteArrayList<>();

        @EventListener
        void on(SubscriptionEvent event) {
            events.add(event);
        }
    }

    static class FailingListener {

        @EventListener
        void on(SubscriptionPaused event) {
            throw new IllegalStateException("listener of the application");
        }
    }

    static class Handlers {

        private final CountDownLatch release = new CountDownLatch(1);

        @Subscribe(id = "handling", topics = "handling")
        void handling(Object payload) {}

        @Subscribe(id = "failing", topics = "failing")
        void failing(Object payload) {
            throw new IllegalStateException("down");
        }

        @Subscribe(id = "rejecting", topics = "rejecting")
        void rejecting(Object payload) {
            throw new RejectMessageException("secret exception text");
        }

        @Subscribe(id = "hanging", topics = "hanging")
        void hanging(Object payload, Delivery delivery) {
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException ignored) {
                    Thread.interrupted(); // a handler that does not end when it is asked to
                }
            }
        }
    }
}

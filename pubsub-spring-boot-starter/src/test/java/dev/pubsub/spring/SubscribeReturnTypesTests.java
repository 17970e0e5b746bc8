package dev.pubsub.spring;

import static dev.pubsub.spring.Starter.balanced;
import static dev.pubsub.spring.Starter.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Delivery;
import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

/** What a handler may return, and what becomes of it. */
class SubscribeReturnTypesTests {

    private static final Message<String> message = Message.of("things", "x");

    private final ApplicationContextRunner runner =
            Starter.runner().withPropertyValues("pubsub.subscriber.retry.enabled=false");

    @Test
    void aCopyIsCompletedWhenTheStageIs() {
        Stages handler = new Stages();
        runner.withBean("handler", Stages.class, () -> handler).run(balanced(context -> {
            CompletableFuture<DeliveryReport> report =
                    context.getBean(PubSub.class).deliver(message);
            assertThat(handler.called.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(report).isNotDone();
            handler.stage.complete(null);
            assertThat(report.get(5, TimeUnit.SECONDS).outcomes()).containsEntry("handler.on", Outcome.COMPLETED);
        }));
    }

    @Test
    void theFailureOfAStageIsTheHandlersOwnUnwrapped() {
        Stages handler = new Stages();
        handler.stage.completeExceptionally(new CompletionException(new IOException("broken")));
        runner.withBean("handler", Stages.class, () -> handler).run(balanced(context -> assertThat(
                        deadLetter(context.getBean(PubSub.class)).exceptionType())
                .isEqualTo(IOException.class.getName())));
    }

    @Test
    void anErrorInAStageIsAPanic() {
        Stages handler = new Stages();
        handler.stage.completeExceptionally(new StackOverflowError());
        runner.withBean("handler", Stages.class, () -> handler).run(balanced(context -> assertThat(
                        deadLetter(context.getBean(PubSub.class)).reason())
                .isEqualTo(Reason.PANIC)));
    }

    @Test
    void aStageIsCancelledAtTheDeadlineWhichIsATimeout() {
        Stages handler = new Stages();
        runner.withBean("handler", Stages.class, () -> handler)
                .withPropertyValues("pubsub.subscriptions.handler.on.timeout=50ms")
                .run(balanced(context -> {
                    assertThat(deadLetter(context.getBean(PubSub.class)).reason())
                            .isEqualTo(Reason.TIMEOUT);
                    Starter.soon().untilAsserted(() -> assertThat(handler.stage).isCancelled());
                }));
    }

    @Test
    void anExtendedDeadlineHoldsForTheStage() {
        runner.withBean("handler", Extends.class)
                .withPropertyValues("pubsub.subscriptions.handler.on.timeout=50ms")
                .run(balanced(context -> assertThat(outcome(context.getBean(PubSub.class), "handler.on", message))
                        .isEqualTo(Outcome.COMPLETED)));
    }

    @Test
    void nullInsteadOfAStageIsDone() {
        runner.withBean("handler", NullStage.class)
                .run(balanced(context -> assertThat(outcome(context.getBean(PubSub.class), "handler.on", message))
                        .isEqualTo(Outcome.COMPLETED)));
    }

    @Test
    void aMonoIsSubscribedToAndAwaited() {
        Monos handler = new Monos(Mono.empty());
        runner.withBean("handler", Monos.class, () -> handler).run(balanced(context -> {
            assertThat(outcome(context.getBean(PubSub.class), "handler.on", message))
                    .isEqualTo(Outcome.COMPLETED);
            assertThat(handler.subscribed).isTrue();
        }));
    }

    @Test
    void theFailureOfAMonoIsTheHandlers() {
        Monos handler = new Monos(Mono.error(new IOException("broken")));
        runner.withBean("handler", Monos.class, () -> handler).run(balanced(context -> assertThat(
                        deadLetter(context.getBean(PubSub.class)).exceptionType())
                .isEqualTo(IOException.class.getName())));
    }

    @Test
    void aMonoIsCancelledAtTheDeadline() {
        AtomicBoolean cancelled = new AtomicBoolean();
        Monos handler = new Monos(Mono.<Void>never().doOnCancel(() -> cancelled.set(true)));
        runner.withBean("handler", Monos.class, () -> handler)
                .withPropertyValues("pubsub.subscriptions.handler.on.timeout=50ms")
                .run(balanced(context -> {
                    assertThat(deadLetter(context.getBean(PubSub.class)).reason())
                            .isEqualTo(Reason.TIMEOUT);
                    Starter.soon().untilTrue(cancelled);
                }));
    }

    private static DeadLetter deadLetter(PubSub pubSub) throws Exception {
        assertThat(outcome(pubSub, "handler.on", message)).isEqualTo(Outcome.DEAD_LETTERED);
        return pubSub.deadLetters().find(DeadLetterQuery.all()).get(0);
    }

    static class Stages {
        final CompletableFuture<Void> stage = new CompletableFuture<>();
        final CountDownLatch called = new CountDownLatch(1);

        @Subscribe("things")
        CompletionStage<Void> on(String payload) {
            called.countDown();
            return stage;
        }
    }

    static class Extends {
        @Subscribe("things")
        CompletionStage<Void> on(String payload, Delivery delivery) {
            delivery.extend(Duration.ofSeconds(10));
            return CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));
        }
    }

    static class NullStage {
        @Subscribe("things")
        CompletionStage<Void> on(String payload) {
            return null;
        }
    }

    static class Monos {
        final AtomicBoolean subscribed = new AtomicBoolean();
        private final Mono<Void> mono;

        Monos(Mono<Void> mono) {
            this.mono = mono;
        }

        @Subscribe("things")
        Mono<Void> on(String payload) {
            return mono.doOnSubscribe(s -> subscribed.set(true));
        }
    }
}

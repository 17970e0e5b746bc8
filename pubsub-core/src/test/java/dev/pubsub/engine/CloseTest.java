package dev.pubsub.engine;

import static dev.pubsub.testing.Took.took;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.DeliveryReport;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubSnapshot.State;
import dev.pubsub.RetryLaterException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.Gatekeeper;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guarantee 9: close. */
@Timeout(30)
class CloseTest {

    private static final Pattern DISCARDED = Pattern.compile("(\\d+) copies discarded, since the engine was closed");

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    @RegisterExtension
    final Engines engines = new Engines();

    private final Gatekeeper gate = new Gatekeeper();

    @ParameterizedTest
    @ValueSource(longs = {0, 300, 5_000})
    void acceptedIsSettledAndReported(long graceMillis) throws Exception { // FAULTS 11
        PubSub engine = engines.started(builder -> builder.shutdownTimeout(Duration.ofMillis(graceMillis)));
        engine.subscribe(
                SubscriptionSpec.builder("slow", "t")
                        .concurrency(2)
                        .queueCapacity(3_000)
                        .ordering(Ordering.KEY)
                        .build(),
                (m, d) -> {
                    if ((Integer) m.payload() % 10 == 0) {
                        throw new RetryLaterException(Duration.ofHours(1));
                    }
                    java.util.concurrent.locks.LockSupport.parkNanos(300_000);
                });
        List<CompletableFuture<DeliveryReport>> deliveries = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            deliveries.add(
                    engine.deliver(Message.builder("t", i).key("k" + i % 100).build()));
        }

        Duration took = took(engine::close);

        assertThat(took).isLessThan(Duration.ofMillis(graceMillis + 1_000));
        int completed = 0;
        int discarded = 0;
        for (CompletableFuture<DeliveryReport> delivery : deliveries) {
            Outcome outcome = delivery.get(5, TimeUnit.SECONDS).outcomes().get("slow");
            completed += outcome == Outcome.COMPLETED ? 1 : 0;
            discarded += outcome == Outcome.DISCARDED ? 1 : 0;
        }
        assertThat(completed + discarded).isEqualTo(2_000);
        assertThat(reportedAsDiscarded()).isEqualTo(discarded);
    }

    private int reportedAsDiscarded() {
        return log.lines().stream()
                .map(DISCARDED::matcher)
                .filter(Matcher::find)
                .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
                .sum();
    }

    @Test
    void closeEndsWithinItsGraceWithABackoffOfAnHourAndAHungHandler() throws Exception { // FAULTS 12
        PubSub engine = engines.started(builder -> builder.shutdownTimeout(Duration.ofMillis(300)));
        engine.subscribe(SubscriptionSpec.builder("parks", "t").build(), (m, d) -> {
            throw new RetryLaterException(Duration.ofHours(1));
        });
        engine.subscribe(SubscriptionSpec.builder("hangs", "t").build(), (m, d) -> gate.passStubbornly());
        CompletableFuture<DeliveryReport> report = engine.deliver(Message.of("t", "x"));
        gate.awaitArrivals(1);

        assertThat(took(engine::close)).isLessThan(Duration.ofMillis(1_300));

        assertThat(report.get(2, TimeUnit.SECONDS).outcomes())
                .containsEntry("parks", Outcome.DISCARDED)
                .containsEntry("hangs", Outcome.DISCARDED);
        gate.open();
    }

    @Test
    void aClosedEngineRefusesEverything() {
        PubSub engine = engines.started();
        var subscription = engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        engine.close();
        engine.close();

        assertThat(engine.snapshot().state()).isEqualTo(State.CLOSED);
        assertThatThrownBy(() -> engine.publish("t", "x")).isInstanceOf(PubSubClosedException.class);
        assertThat(engine.deliver(Message.of("t", "x"))).isCompletedExceptionally();
        assertThatThrownBy(engine::start).isInstanceOf(PubSubClosedException.class);
        assertThatThrownBy(() ->
                        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {}))
                .isInstanceOf(PubSubClosedException.class);
        engine.stop(Duration.ZERO);
        subscription.close();
        assertThat(engine.subscriptions()).isEmpty();
    }

    @Test
    void anEngineThatNeverStartedReportsWhatItDiscards() {
        PubSub engine = engines.unstarted(builder -> builder);
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        CompletableFuture<DeliveryReport> report = engine.deliver(Message.of("t", "x"));

        engine.close();

        Soon.until(report::isDone);
        assertThat(report.join().outcomes()).containsEntry("s", Outcome.DISCARDED);
        assertThat(reportedAsDiscarded()).isEqualTo(1);
    }

    @Test
    void metricsThatFailToCloseDoNotKeepTheEnginesThreads() {
        ManualTime time = new ManualTime();
        AtomicBoolean closed = new AtomicBoolean();
        Scheduler scheduler = new Scheduler() {
            @Override
            public Cancellable schedule(Runnable task, long delayNanos) {
                return time.schedule(task, delayNanos);
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        PubSub engine = engines.started(builder -> builder.scheduler(scheduler).metrics(new FailingMetrics()));
        engine.subscribe(SubscriptionSpec.builder("s", "t").build(), (m, d) -> {});
        engine.publish("t", "x");
        Engines.awaitQuiet(engine);
        engine.close();
        assertThat(closed).isTrue();
        assertThat(engine.snapshot().state()).isEqualTo(State.CLOSED);
    }
}

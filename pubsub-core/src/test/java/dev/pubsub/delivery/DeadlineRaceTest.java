package dev.pubsub.delivery;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import dev.pubsub.testing.ManualTime;
import dev.pubsub.testing.Soon;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handlers and deadlines that meet. Longer with {@code -Dpubsub.test.scale=10}. */
class DeadlineRaceTest {

    private static final int SCALE = Integer.getInteger("pubsub.test.scale", 1);
    private static final Duration TIMEOUT = Duration.ofMillis(10);

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final ManualTime time = new ManualTime();
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();

    @Test
    @Timeout(60)
    // FAULTS 5
    void aHandlerThatEndsExactlyAtItsDeadlineLeaksNoInterruptIntoTheNextMessage() {
        int rounds = 4_000 * SCALE;
        AtomicInteger leaks = new AtomicInteger();
        PubSub engine = engine();
        engine.subscribe(spec(), (m, d) -> {
            if (Thread.currentThread().isInterrupted()) {
                leaks.incrementAndGet();
            }
            if (m.payload() instanceof Integer round) {
                meet(round);
                spin(round * 37 & 0xFFF);
                if ((round & 1) == 0) {
                    throw new RejectMessageException("ends so, too");
                }
            }
        });
        for (int i = 1; i <= rounds; i++) {
            engine.publish("t", i);
            engine.publish("t", "plain");
            awaitHandler(i);
            time.advance(TIMEOUT);
        }
        awaitQuiet(engine);

        var figures = figures(engine, "s");
        System.out.println("deadline races: " + figures.timeouts() + " of " + rounds + " lost by the handler");
        assertThat(leaks.get())
                .as("interrupts that leaked into the next message")
                .isZero();
        assertThat(figures.accepted()).isEqualTo(2L * rounds);
        assertThat(figures.timeouts()).as("both must win now and then").isBetween(1L, 2L * rounds - 1);
        assertThat(figures.successes() + figures.rejected() + figures.timeouts())
                .as("each attempt has one end")
                .isEqualTo(2L * rounds);
        Soon.until(() -> figures(engine, "s").abandoned() == 0);
        assertThat(figures(engine, "s").lateCompletions())
                .isEqualTo(figures(engine, "s").abandonedTotal());
    }

    @Test
    @Timeout(60)
    void anExtensionThatWasGrantedIsKeptHoweverCloseToTheDeadlineItCame() {
        int rounds = 2_000 * SCALE;
        AtomicInteger broken = new AtomicInteger();
        AtomicInteger granted = new AtomicInteger();
        AtomicInteger advanced = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        PubSub engine = engine();
        engine.subscribe(spec(), (m, d) -> {
            int round = (Integer) m.payload();
            meet(round);
            spin(round * 37 & 0xFFF);
            boolean extended = d.extend(Duration.ofHours(1));
            awaitAtLeast(advanced, round);
            if (extended) {
                granted.incrementAndGet();
            }
            boolean ended = d.isCancelled() || Thread.currentThread().isInterrupted();
            if (extended == ended) {
                broken.incrementAndGet();
            }
            done.incrementAndGet();
        });
        for (int i = 1; i <= rounds; i++) {
            engine.publish("t", i);
            awaitHandler(i);
            time.advance(TIMEOUT);
            advanced.set(i);
            awaitAtLeast(done, i);
        }
        awaitQuiet(engine);

        System.out.println("extension races: " + granted + " of " + rounds + " granted");
        assertThat(broken.get())
                .as("extensions that were granted and not kept, or refused to a handler that was not ended")
                .isZero();
        assertThat(granted.get()).as("both must win now and then").isBetween(1, rounds - 1);
        assertThat(figures(engine, "s").completed()).isEqualTo(granted.get());
    }

    private PubSub engine() {
        return engines.started(builder -> builder.timeSource(time).scheduler(time));
    }

    private static SubscriptionSpec<Object> spec() {
        return SubscriptionSpec.builder("s", "t")
                .timeout(TIMEOUT)
                .maxAbandoned(10_000)
                .circuitBreaker(BreakerPolicy.disabled())
                .deadLetter(false)
                .build();
    }

    /** The handler's side: both leave within a few nanoseconds. */
    private void meet(int round) {
        arrived.set(round);
        awaitAtLeast(left, round);
    }

    private void awaitHandler(int round) {
        awaitAtLeast(arrived, round);
        left.set(round);
    }

    private static void awaitAtLeast(AtomicInteger value, int target) {
        for (int spins = 0; value.get() < target; spins++) {
            if (spins < 1_000) {
                Thread.onSpinWait();
            } else {
                Thread.yield(); // the other may need this core
            }
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}

package dev.pubsub.soak;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.WhenFull;
import dev.pubsub.engine.PubSubEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/**
 * More than ten times what the handlers can take, for the whole time. Where copies are lost when full ({@code load.*})
 * a publisher offers at a fixed rate; where publishers are held back ({@code held.*}) there are so many of them, and
 * each waits so short, that what is accepted is a tenth of the attempts at most. One subscription takes both.
 */
final class Overload {

    private static final String HELD_BACK = "slow";
    private static final String DISCARDING = "healthy-discarding";
    private static final String DEAD_LETTERING = "healthy-dead-lettering";
    static final List<String> SUBSCRIPTIONS =
            List.of(DISCARDING, DEAD_LETTERING, HELD_BACK, Troubled.HUNG, Troubled.FAILING);

    private static final int PAYLOAD_BYTES = 2_048;
    private static final long HANDLER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long SLOW_HANDLER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** A handler of 2 ms takes less than 500 a second. */
    private static final int LOAD_A_SECOND = 6_000;

    private static final int BURST = 30;

    /** A handler of 20 ms takes less than 50 a second; these try more than a thousand times. */
    private static final int HELD_PUBLISHERS = 16;

    private static final Duration HELD_WAIT = Duration.ofMillis(10);

    private final PubSub engine = PubSubEngine.builder()
            .publishTimeout(HELD_WAIT)
            .deadLetterCapacity(500)
            .shutdownTimeout(Duration.ofSeconds(1))
            .build();

    private final LongAdder loadAccepted = new LongAdder();
    private final LongAdder heldAccepted = new LongAdder();
    private final LongAdder heldRefused = new LongAdder();
    private final List<Thread> publishers = new ArrayList<>();
    private volatile boolean over;

    void run(Duration length, Figures figures) throws InterruptedException {
        subscribe();
        Troubled troubled = new Troubled(engine, "load.*");
        engine.start();
        publisher(this::offerLoad);
        for (int i = 0; i < HELD_PUBLISHERS; i++) {
            publisher(this::offerHeld);
        }
        Samples samples = new Samples(length);
        long handled = 0;
        boolean progress = true;
        for (int quarter = 1; quarter <= 4; quarter++) {
            samples.takeQuarter(troubled::hangAgain);
            long now = Troubled.figures(engine, DISCARDING).completed();
            progress &= now > handled;
            handled = now;
        }
        PubSubSnapshot atTheEnd = engine.snapshot();
        long offeredLoad = loadAccepted.sum();
        long offeredHeld = heldAccepted.sum() + heldRefused.sum();
        over = true;
        for (Thread publisher : publishers) {
            publisher.join();
        }
        samples.report(figures);
        figures.put("load: offered", offeredLoad);
        figures.put(
                "load: handled by " + DISCARDING, figures(atTheEnd, DISCARDING).completed());
        figures.put("held: offered", offeredHeld);
        figures.put(
                "held: handled by " + HELD_BACK, figures(atTheEnd, HELD_BACK).completed());
        figures.put("progress in every quarter", progress ? 1 : 0);
        figures.put("quarantines", troubled.quarantines());
        drain(troubled);
        report(figures);
        engine.close();
        figures.put("ledger balanced, closed", engine.snapshot().ledger() == PubSubSnapshot.Ledger.BALANCED ? 1 : 0);
    }

    private void subscribe() {
        engine.subscribe(
                SubscriptionSpec.builder(DISCARDING, "load.*")
                        .whenFull(WhenFull.DISCARD)
                        .build(),
                (m, d) -> LockSupport.parkNanos(HANDLER_NANOS));
        engine.subscribe(
                SubscriptionSpec.builder(DEAD_LETTERING, "load.*", "held.*")
                        .whenFull(WhenFull.DEAD_LETTER)
                        .build(),
                (m, d) -> LockSupport.parkNanos(HANDLER_NANOS));
        engine.subscribe(
                SubscriptionSpec.builder(HELD_BACK, "held.*").queueCapacity(16).build(),
                (m, d) -> LockSupport.parkNanos(SLOW_HANDLER_NANOS));
    }

    private void publisher(Runnable work) {
        Thread thread = new Thread(work, "publisher-" + publishers.size());
        thread.setDaemon(true);
        publishers.add(thread);
        thread.start();
    }

    /** At its rate whatever happens; after a pause of the machine it catches up. */
    private void offerLoad() {
        long period = TimeUnit.SECONDS.toNanos(1) * BURST / LOAD_A_SECOND;
        for (long due = System.nanoTime(); !over; due += period) {
            Pace.parkUntil(due);
            for (int i = 0; i < BURST; i++) {
                engine.publish("load.t", new byte[PAYLOAD_BYTES]);
                loadAccepted.increment();
            }
        }
    }

    private void offerHeld() {
        while (!over) {
            try {
                engine.publish("held.t", new byte[PAYLOAD_BYTES]);
                heldAccepted.increment();
            } catch (PublishTimeoutException full) {
                heldRefused.increment();
            }
        }
    }

    private void drain(Troubled troubled) {
        troubled.heal();
        Awaitility.await()
                .pollInSameThread()
                .atMost(Troubled.PATIENCE)
                .until(() -> engine.snapshot().subscriptions().stream()
                        .allMatch(s -> s.queued() + s.active() + s.parked() + s.abandoned() == 0));
    }

    private void report(Figures figures) {
        PubSubSnapshot drained = engine.snapshot();
        figures.put("load: accepted", loadAccepted.sum());
        figures.put("held: accepted", heldAccepted.sum());
        figures.put("held: refused", heldRefused.sum());
        figures.put("publisher: accepted", drained.publisher().accepted());
        figures.put("publisher: rejected", drained.publisher().rejected());
        for (String id : SUBSCRIPTIONS) {
            SubscriptionFigures s = figures(drained, id);
            figures.put(id + ": accepted", s.accepted());
            figures.put(id + ": completed", s.completed());
            figures.put(id + ": dead-lettered", s.deadLettered());
            figures.put(id + ": discarded", s.discarded());
            figures.put(id + ": drift", s.drift());
        }
        SubscriptionFigures hung = figures(drained, Troubled.HUNG);
        figures.put("hung: timeouts", hung.timeouts());
        figures.put("hung: abandoned", hung.abandonedTotal());
        figures.put("hung: late completions", hung.lateCompletions());
        SubscriptionFigures failing = figures(drained, Troubled.FAILING);
        figures.put("failing: failures", failing.failures());
        figures.put("failing: retries", failing.retries());
        figures.put("failing: breaker trips", failing.breakerTrips());
        figures.put("ledger balanced, drained", drained.ledger() == PubSubSnapshot.Ledger.BALANCED ? 1 : 0);
    }

    private static SubscriptionFigures figures(PubSubSnapshot snapshot, String id) {
        return snapshot.subscriptions().stream()
                .filter(s -> s.id().equals(id))
                .findAny()
                .orElseThrow();
    }
}

package dev.pubsub.soak;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubEngine;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Latency of two healthy subscriptions, from when a message was to be published until their handlers have it, alone and
 * beside one that hangs and one that fails, which take the same messages. Phases of the two kinds take turns, so that
 * what happens to the machine meets both; the medians of the phases' p99s are compared.
 *
 * <p>At a modest rate, and not under the overload: that takes all cores there are, and a neighbour cannot be given what
 * is not there. Noise does not come again, unfairness does: a round that is missed is measured again, up to three.
 */
final class Fairness {

    static final double BOUND = 1.5;

    /** Differences below do not count: on a shared machine they are the scheduler's. */
    static final long FLOOR_MICROS = 1_000;

    static final int ROUNDS = 3;

    private static final String[] NEIGHBOURS = {"neighbour-1", "neighbour-2"};
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CARE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SHORTEST_PHASE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST_PHASE = TimeUnit.SECONDS.toNanos(2);
    private static final int LEAST_PAIRS = 5;

    private final PubSub engine = PubSubEngine.builder()
            .publishTimeout(Troubled.PATIENCE)
            .deadLetterCapacity(500)
            .shutdownTimeout(Duration.ofSeconds(1))
            .build();

    private volatile Phase phase = new Phase(1);
    private long timeouts;
    private long quarantines;
    private long failures;
    private long trips;

    /** A message: which one of its phase, and when it was to be published. */
    private record Ping(Phase phase, int number, long intended) {}

    /** The latencies of a phase, one place each message and neighbour, so that recording them costs next to nothing. */
    private static final class Phase {

        private final int messages;
        private final long[][] nanos;
        private final CountDownLatch missing;

        Phase(int messages) {
            this.messages = messages;
            this.nanos = new long[NEIGHBOURS.length][messages];
            this.missing = new CountDownLatch(NEIGHBOURS.length * messages);
        }

        void arrived(int neighbour, Ping ping) {
            nanos[neighbour][ping.number()] = System.nanoTime() - ping.intended();
            missing.countDown();
        }

        /** Of the neighbour that has it worse. */
        long p99Micros() {
            return Arrays.stream(nanos).mapToLong(Phase::p99).max().orElseThrow() / 1_000;
        }

        private static long p99(long[] latencies) {
            long[] sorted = latencies.clone();
            Arrays.sort(sorted);
            return sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
        }
    }

    static boolean isFair(long alone, long beside) {
        return beside <= alone * BOUND || beside - alone < FLOOR_MICROS;
    }

    void run(Duration length, Figures figures) throws InterruptedException {
        long phaseNanos = Math.max(SHORTEST_PHASE, Math.min(LONGEST_PHASE, length.toNanos() / (2 * LEAST_PAIRS)));
        int pairs = (int) Math.max(LEAST_PAIRS, length.toNanos() / (2 * phaseNanos));
        engine.start();
        for (int n = 0; n < NEIGHBOURS.length; n++) {
            int neighbour = n;
            engine.subscribe(
                    SubscriptionSpec.builder(NEIGHBOURS[n], "fair.*")
                            .payloadType(Ping.class)
                            .build(),
                    (m, d) -> m.payload().phase().arrived(neighbour, m.payload()));
        }
        alone(phaseNanos); // the first ones are compiled on the way
        beside(phaseNanos);
        int round = 0;
        boolean fair = false;
        while (!fair && round < ROUNDS) {
            round++;
            fair = round(round, pairs, phaseNanos, figures);
        }
        figures.put("fairness: rounds", round);
        figures.put("fairness: phases a round", 2L * pairs);
        figures.put("fairness: ms a phase", TimeUnit.NANOSECONDS.toMillis(phaseNanos));
        figures.put("fairness: timeouts beside", timeouts);
        figures.put("fairness: quarantines beside", quarantines);
        figures.put("fairness: failures beside", failures);
        figures.put("fairness: breaker trips beside", trips);
        engine.close();
    }

    private boolean round(int round, int pairs, long phaseNanos, Figures figures) throws InterruptedException {
        long[] alone = new long[pairs];
        long[] beside = new long[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            alone[pair] = alone(phaseNanos);
            beside[pair] = beside(phaseNanos);
        }
        Arrays.sort(alone);
        Arrays.sort(beside);
        figures.put(p99Alone(round), alone[pairs / 2]);
        figures.put(p99Beside(round), beside[pairs / 2]);
        figures.put("fairness: round " + round + ", p99 alone, least, µs", alone[0]);
        figures.put("fairness: round " + round + ", p99 alone, most, µs", alone[pairs - 1]);
        figures.put("fairness: round " + round + ", p99 beside, least, µs", beside[0]);
        figures.put("fairness: round " + round + ", p99 beside, most, µs", beside[pairs - 1]);
        return isFair(alone[pairs / 2], beside[pairs / 2]);
    }

    static String p99Alone(int round) {
        return "fairness: round " + round + ", p99 alone, median, µs";
    }

    static String p99Beside(int round) {
        return "fairness: round " + round + ", p99 beside, median, µs";
    }

    private long alone(long phaseNanos) throws InterruptedException {
        begin(phaseNanos);
        return end();
    }

    private long beside(long phaseNanos) throws InterruptedException {
        Troubled troubled = new Troubled(engine, "fair.*");
        begin(phaseNanos);
        while (phase.missing.getCount() > 0 && !phase.missing.await(CARE_NANOS, TimeUnit.NANOSECONDS)) {
            troubled.hangAgain();
        }
        long p99 = end();
        SubscriptionFigures hung = Troubled.figures(engine, Troubled.HUNG);
        SubscriptionFigures failing = Troubled.figures(engine, Troubled.FAILING);
        timeouts += hung.timeouts();
        quarantines += troubled.quarantines();
        failures += failing.failures();
        trips += failing.breakerTrips();
        troubled.close();
        return p99;
    }

    /** Open loop: however late a message is, the next one is due when it is due, and waited from then on. */
    private void begin(long phaseNanos) {
        Phase current = new Phase((int) (phaseNanos / PERIOD_NANOS));
        phase = current;
        Thread sender = new Thread(() -> {
            long begin = System.nanoTime() + PERIOD_NANOS;
            for (int i = 0; i < current.messages; i++) {
                long intended = begin + i * PERIOD_NANOS;
                Pace.parkAndSpinUntil(intended);
                engine.publish("fair.t", new Ping(current, i, intended));
            }
        });
        sender.setDaemon(true);
        sender.start();
    }

    private long end() throws InterruptedException {
        if (!phase.missing.await(Troubled.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(phase.missing.getCount() + " have not arrived: " + engine.snapshot());
        }
        return phase.p99Micros();
    }
}

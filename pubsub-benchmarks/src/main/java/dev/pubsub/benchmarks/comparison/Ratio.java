package dev.pubsub.benchmarks.comparison;

import static dev.pubsub.benchmarks.comparison.Case.delivered;
import static dev.pubsub.benchmarks.comparison.Case.publish;
import static dev.pubsub.benchmarks.comparison.Figure.nanos;

import dev.pubsub.benchmarks.peers.Bursts;
import dev.pubsub.benchmarks.peers.PeerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How ours stands to a peer, and how it should.
 *
 * @param question what is compared
 * @param sense whether more is better
 * @param ours our figure
 * @param peers the peer's; of several the best counts; of none our figure counts as it is
 * @param must what it has to reach; NaN where it is only told
 * @param aim what it ought to reach
 */
record Ratio(String question, Sense sense, Figure ours, List<Figure> peers, double must, double aim) {

    private static final double TOLD = Double.NaN;

    enum Sense {
        /** Throughput, ours to the peer's: the times, the other way round. */
        MORE_IS_BETTER,
        /** Times or bytes, ours to the peer's. */
        LESS_IS_BETTER
    }

    boolean isBound() {
        return !Double.isNaN(must);
    }

    boolean reaches(double value, double bound) {
        return sense == Sense.MORE_IS_BETTER ? value >= bound : value <= bound;
    }

    /** The ratio for one round; peer is NaN-free and positive, or 1 where there is none. */
    double of(double ourFigure, double peerFigure) {
        return sense == Sense.MORE_IS_BETTER ? peerFigure / ourFigure : ourFigure / peerFigure;
    }

    /** The cases that it needs. */
    Stream<Case> cases() {
        return Stream.concat(Stream.of(ours), peers.stream()).map(Figure::of);
    }

    /** The table of the issue. */
    static List<Ratio> all() {
        List<Ratio> all = new ArrayList<>();
        for (int producers = 1; producers <= 2; producers++) {
            all.addAll(delivery(producers));
        }
        for (int producers = 1; producers <= 2; producers++) {
            all.addAll(deliveryOfOthers(producers));
        }
        Figure oneHeld = nanos(publish(Bursts.Kind.OURS_HELD));
        Figure tenHeld = nanos(publish(Bursts.Kind.OURS_10_HELD)).per(10);
        all.add(publishTo("@EventListener", Bursts.Kind.SPRING_EVENT_LISTENER, 0.5, 0.33));
        all.add(publishTo("ApplicationListener without a method", Bursts.Kind.SPRING_PAYLOAD_LISTENER, TOLD, TOLD));
        all.add(less(
                "time of publish() a subscription, 10 subscriptions / 1, workers busy",
                tenHeld,
                List.of(oneHeld),
                0.6,
                0.4));
        all.add(less(
                "bytes a message, publish to settled", Figure.bytes(delivered(PeerKind.OURS, 1)), List.of(), 144, 104));
        all.add(more(
                "keyed (10,000 keys, concurrency 4) / unkeyed",
                nanos(delivered(PeerKind.OURS_KEYED_BY_4, 1)),
                List.of(nanos(delivered(PeerKind.OURS_BY_4, 1))),
                0.6,
                0.8));
        all.add(less(
                "wake-up p99 / LinkedBlockingQueue",
                new Figure(Case.wakeUp(), "oursP99", 1),
                List.of(new Figure(Case.wakeUp(), "queueP99", 1)),
                1.5,
                1.1));
        return List.copyOf(all);
    }

    private static List<Ratio> delivery(int producers) {
        boolean one = producers == 1; // the bounds come from one
        String who = by(producers);
        return List.of(
                throughput("Spring @Async" + who, producers, 3, 6, PeerKind.SPRING_ASYNC),
                throughput(
                        "by hand, on the caller's thread" + who,
                        producers,
                        one ? 6 : TOLD,
                        one ? 10 : TOLD,
                        PeerKind.BY_HAND),
                throughput("by hand over @Async" + who, producers, TOLD, TOLD, PeerKind.BY_HAND_ASYNC),
                throughput(
                        "by hand over @Async, breaker's and retry's meters not bound" + who,
                        producers,
                        TOLD,
                        TOLD,
                        PeerKind.BY_HAND_ASYNC_UNBOUND),
                throughput(
                        "by hand, on the caller's thread, decorated once" + who,
                        producers,
                        TOLD,
                        TOLD,
                        PeerKind.BY_HAND_DECORATED_ONCE),
                throughput(
                        "by hand over @Async with TimeLimiter" + who,
                        producers,
                        one ? 100 : TOLD,
                        one ? 300 : TOLD,
                        PeerKind.BY_HAND_LIMITED_ASYNC),
                throughput(
                        "by hand with TimeLimiter, in a pool of its own" + who,
                        producers,
                        TOLD,
                        TOLD,
                        PeerKind.BY_HAND_LIMITED_POOL,
                        PeerKind.BY_HAND_LIMITED_POOL_ASYNC),
                throughput("Disruptor, blocking wait" + who, producers, 0.5, 1, PeerKind.DISRUPTOR),
                throughput("ArrayBlockingQueue take" + who, producers, 0.35, 0.7, PeerKind.ARRAY_QUEUE));
    }

    /** Told beside those with bounds. */
    private static List<Ratio> deliveryOfOthers(int producers) {
        String who = by(producers);
        return List.of(
                throughput(
                        "Spring events, on the caller's thread" + who, producers, TOLD, TOLD, PeerKind.SPRING_EVENTS),
                throughput("Guava AsyncEventBus" + who, producers, TOLD, TOLD, PeerKind.GUAVA),
                throughput("MBassador" + who, producers, TOLD, TOLD, PeerKind.MBASSADOR),
                throughput("Vert.x event bus" + who, producers, TOLD, TOLD, PeerKind.VERTX),
                throughput("Reactor Sinks" + who, producers, TOLD, TOLD, PeerKind.REACTOR),
                throughput("SubmissionPublisher" + who, producers, TOLD, TOLD, PeerKind.FLOW));
    }

    private static String by(int producers) {
        return ", " + producers + (producers == 1 ? " producer" : " producers");
    }

    private static Ratio publishTo(String listener, Bursts.Kind kind, double must, double aim) {
        return less(
                "time of publish(), 1 subscription, worker awake / Spring publishEvent, 1 empty " + listener,
                nanos(publish(Bursts.Kind.OURS_AWAKE)),
                List.of(nanos(publish(kind))),
                must,
                aim);
    }

    private static Ratio throughput(String peer, int producers, double must, double aim, PeerKind... peers) {
        List<Figure> figures =
                Stream.of(peers).map(kind -> nanos(delivered(kind, producers))).toList();
        return more("delivered / " + peer, nanos(delivered(PeerKind.OURS, producers)), figures, must, aim);
    }

    private static Ratio more(String question, Figure ours, List<Figure> peers, double must, double aim) {
        return new Ratio(question, Sense.MORE_IS_BETTER, ours, peers, must, aim);
    }

    private static Ratio less(String question, Figure ours, List<Figure> peers, double must, double aim) {
        return new Ratio(question, Sense.LESS_IS_BETTER, ours, peers, must, aim);
    }
}

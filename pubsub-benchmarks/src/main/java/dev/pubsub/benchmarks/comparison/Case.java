package dev.pubsub.benchmarks.comparison;

import dev.pubsub.benchmarks.jmh.Delivered;
import dev.pubsub.benchmarks.jmh.PublishTime;
import dev.pubsub.benchmarks.jmh.WakeUp;
import dev.pubsub.benchmarks.peers.Bursts;
import dev.pubsub.benchmarks.peers.PeerKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One question put to one peer: what a fork of JMH answers.
 *
 * @param name unique, for tables and filters
 * @param benchmark class and method
 * @param parameters of the benchmark
 */
record Case(String name, String benchmark, Map<String, String> parameters) {

    static final String WAKE_UP = "wake-up";

    /** They take so long for a message that a batch of the usual size would take longer than an iteration. */
    private static final Set<PeerKind> SLOW = Set.of(
            PeerKind.BY_HAND_LIMITED,
            PeerKind.BY_HAND_LIMITED_ASYNC,
            PeerKind.BY_HAND_LIMITED_POOL,
            PeerKind.BY_HAND_LIMITED_POOL_ASYNC);

    /** Throughput of delivery with that many producers. */
    static Case delivered(PeerKind peer, int producers) {
        String method = SLOW.contains(peer) ? ".smallBatch" : ".batch";
        return new Case(
                "delivered " + text(peer) + " " + producers,
                Delivered.class.getName() + method,
                Map.of("peer", peer.name(), "threads", Integer.toString(producers)));
    }

    /** Time of a publish. */
    static Case publish(Bursts.Kind subject) {
        return new Case(
                "publish " + text(subject), PublishTime.class.getName() + ".burst", Map.of("subject", subject.name()));
    }

    /** Wake-up of ours and of a queue, which one fork measures in turn. */
    static Case wakeUp() {
        return new Case(WAKE_UP, WakeUp.class.getName() + ".inTurn", Map.of());
    }

    /** Every question and peer. */
    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        for (PeerKind peer : PeerKind.values()) {
            all.add(delivered(peer, 1));
            all.add(delivered(peer, 2));
        }
        for (Bursts.Kind subject : Bursts.Kind.values()) {
            all.add(publish(subject));
        }
        all.add(wakeUp());
        return all;
    }

    private static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package dev.pubsub.kafka;

import dev.pubsub.spi.Inlet;
import dev.pubsub.spi.Inlet.Taken;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition from its assignment to its revocation; after another assignment it is another object, which is the epoch
 * that fences late results. Only the contiguous finished prefix of what was received may be committed (as in
 * parallel-consumer's PartitionState): what has finished beyond a gap waits for it.
 *
 * <p>Concurrency: the poll loop's own, but for {@code fenced} and {@code lost}, which it writes and others read, and
 * the flags of the deliveries.
 */
final class AssignedPartition {

    private final TopicPartition id;
    private final Runnable settled;
    private final Deque<KafkaDelivery> waiting = new ArrayDeque<>();
    private final Deque<KafkaDelivery> offered = new ArrayDeque<>();
    private long next = -1; // behind what was received last; -1 before the first
    private long committed = -1;
    private boolean heldBack;
    private volatile boolean fenced;
    private volatile boolean lost;

    /** {@code settled} is called whenever a delivery was settled, by any thread. */
    AssignedPartition(TopicPartition id, Runnable settled) {
        this.id = id;
        this.settled = settled;
    }

    TopicPartition id() {
        return id;
    }

    /**
     * Made into messages at once, and offered later: offered one right after another they come to a worker as one load,
     * which it need not be woken for one by one.
     */
    void received(List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() >= next) { // a consumer that has fetched twice must not deliver twice
                waiting.add(new KafkaDelivery(this, WireFormat.toMessage(record), record.offset()));
                next = record.offset() + 1;
            }
        }
    }

    /** Offers what waits, in order, as far as there is credit; answers whether all is with the engine. */
    boolean offerTo(Inlet inlet, int maxAhead) {
        while (!waiting.isEmpty()) {
            if (offered.size() >= maxAhead && !isShortened(maxAhead)) {
                heldBack = true;
                return false;
            }
            KafkaDelivery delivery = waiting.element();
            offered.add(delivery); // first: it may be settled before the offer has returned
            Taken taken = inlet.offer(delivery);
            if (taken == Taken.NO_CREDIT) {
                offered.removeLast();
                return false;
            }
            if (taken == Taken.FILTERED) {
                delivery.filtered();
            }
            waiting.remove();
        }
        heldBack = false;
        return true;
    }

    private boolean isShortened(int maxAhead) {
        dropFinished();
        return offered.size() < maxAhead;
    }

    private void dropFinished() {
        while (!offered.isEmpty() && offered.element().isDone()) {
            offered.remove();
        }
    }

    /** Whether records wait here that could not be offered. */
    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Whether it is because of one unfinished message that no more is received. */
    boolean isHeldBack() {
        return heldBack;
    }

    /** The first unfinished offset; -1 where nothing is unfinished. */
    long unfinished() {
        dropFinished();
        return offered.isEmpty() ? -1 : offered.element().offset();
    }

    /** The offset to commit, or null where there is no news. */
    @Nullable
    Long committable() {
        dropFinished();
        long offset;
        if (!offered.isEmpty()) {
            offset = offered.element().offset();
        } else if (!waiting.isEmpty()) {
            offset = waiting.element().offset();
        } else {
            offset = next;
        }
        return offset > committed && next >= 0 ? offset : null;
    }

    void committed(long offset) {
        committed = Math.max(committed, offset);
    }

    /** No attempt of its deliveries begins any more; those under way may still be settled. */
    void fence() {
        fenced = true;
        if (!waiting.isEmpty()) {
            next = waiting.element().offset(); // never offered, so never to be committed
            waiting.clear();
        }
    }

    /** It belongs to somebody else. */
    void lose() {
        fence();
        lost = true;
    }

    boolean isFenced() {
        return fenced;
    }

    boolean isLost() {
        return lost;
    }

    void settledOne() {
        settled.run();
    }

    /** Whether handlers may be at some of its deliveries still; once it is fenced and what waited was withdrawn. */
    boolean isUnderWay() {
        return offered.stream().anyMatch(KafkaDelivery::isUnderWay);
    }
}

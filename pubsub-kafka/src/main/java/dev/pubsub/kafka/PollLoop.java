package dev.pubsub.kafka;

import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.InboundDelivery;
import dev.pubsub.spi.Inlet;
import dev.pubsub.spi.SafeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls for one subscription, from its consumer's creation to its end, on one thread. It never stops polling, so that
 * the group never takes it for dead: where there is no credit, partitions are paused instead. What was fetched goes to
 * the subscription in the order of its partition; what has finished is committed, as far as nothing before it is
 * unfinished.
 *
 * <p>Concurrency: consumer and partitions are this thread's own, and the rebalance callbacks run in its polls. Others
 * write {@code quiet} and {@code ended}, and wake the consumer. {@code revoking} is the monitor on which a revocation
 * waits for handlers, and which whoever settles a delivery meanwhile notifies.
 */
final class PollLoop implements ConsumerRebalanceListener {

    private static final Logger log = LoggerFactory.getLogger(PollLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long CANCEL_MILLIS = 500;
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

    private final SubscriptionSpec<?> spec;
    private final Inlet inlet;
    private final KafkaSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, AssignedPartition> partitions = new HashMap<>();
    private final Object revoking = new Object();
    private volatile boolean isRevoking;
    private volatile boolean quiet;
    private volatile boolean ended;
    private long lastCommit = System.nanoTime();

    PollLoop(SubscriptionSpec<?> spec, Inlet inlet, KafkaSettings settings, Consumer<byte[], byte[]> consumer) {
        this.spec = spec;
        this.inlet = inlet;
        this.settings = settings;
        this.consumer = consumer;
    }

    /** Offers nothing more; any thread. */
    void quiesce() {
        quiet = true;
        consumer.wakeup();
    }

    /** Ends the loop; any thread. */
    void end() {
        ended = true;
        consumer.wakeup();
    }

    /** The loop; returns once it was ended, and throws what makes another consumer necessary. */
    void run() {
        inlet.onCredit(consumer::wakeup);
        if (TopicPatterns.areTopics(spec.patterns())) {
            consumer.subscribe(spec.patterns(), this);
        } else {
            consumer.subscribe(TopicPatterns.expression(spec.patterns()), this);
        }
        while (!ended) {
            offer();
            pauseAndResume();
            receive();
            if (System.nanoTime() - lastCommit >= settings.commitInterval().toNanos()) {
                commit();
            }
        }
    }

    private void offer() {
        if (quiet) {
            return;
        }
        for (AssignedPartition partition : partitions.values()) {
            boolean wasHeldBack = partition.isHeldBack();
            boolean all = partition.offerTo(inlet, settings.maxAhead());
            if (partition.isHeldBack() && !wasHeldBack) {
                log.warn(
                        "Subscription '{}': {} is paused {} messages ahead of offset {}, which is not finished",
                        spec.id(),
                        partition.id(),
                        settings.maxAhead(),
                        partition.unfinished());
            }
            if (!all && !partition.isHeldBack()) {
                return; // no credit, for nobody
            }
        }
    }

    private void pauseAndResume() {
        boolean credit = !quiet && inlet.credit() > 0;
        Set<TopicPartition> pause = new HashSet<>();
        Set<TopicPartition> resume = new HashSet<>();
        Set<TopicPartition> paused = consumer.paused();
        partitions.forEach((id, partition) -> {
            boolean holds = !credit || partition.hasWaiting();
            if (holds && !paused.contains(id)) {
                pause.add(id);
            } else if (!holds && paused.contains(id)) {
                resume.add(id);
            }
        });
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
    }

    private void receive() {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = consumer.poll(POLL);
        } catch (WakeupException woken) {
            return;
        }
        for (TopicPartition id : records.partitions()) {
            AssignedPartition partition = partitions.get(id);
            if (partition != null) {
                partition.received(records.records(id));
            }
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committable(Collection<AssignedPartition> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (AssignedPartition partition : of) {
            Long offset = partition.committable();
            if (offset != null) {
                offsets.put(partition.id(), new OffsetAndMetadata(offset));
            }
        }
        return offsets;
    }

    private void commit() {
        lastCommit = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(partitions.values());
        if (offsets.isEmpty()) {
            return;
        }
        consumer.commitAsync(offsets, (committed, failure) -> {
            if (failure != null) { // the next one covers it
                log.debug("Subscription '{}': offsets were not committed: {}", spec.id(), SafeText.of(failure));
                return;
            }
            committed.forEach((id, offset) -> {
                AssignedPartition partition = partitions.get(id);
                if (partition != null) {
                    partition.committed(offset.offset());
                }
            });
        });
    }

    private void commitNow(Collection<AssignedPartition> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = committable(of);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            commitSync(offsets);
        } catch (RuntimeException failure) {
            log.warn(
                    "Subscription '{}': what has finished could not be committed, and will be delivered again: {}",
                    spec.id(),
                    SafeText.of(failure));
        }
    }

    private void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            consumer.commitSync(offsets, COMMIT_TIMEOUT);
        } catch (WakeupException woken) { // meant for a poll
            consumer.commitSync(offsets, COMMIT_TIMEOUT);
        }
    }

    // ---- rebalances, within a poll or a close

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        for (TopicPartition id : assigned) {
            partitions.put(id, new AssignedPartition(id, this::settledOne));
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        List<AssignedPartition> leaving = leaving(revoked);
        if (leaving.isEmpty()) {
            return;
        }
        leaving.forEach(AssignedPartition::fence);
        withdraw(leaving);
        if (!awaitHandlers(leaving, settings.revocationTimeout().toMillis())) {
            Set<AssignedPartition> those = Set.copyOf(leaving);
            inlet.cancel(of(those));
            awaitHandlers(leaving, CANCEL_MILLIS);
        }
        commitNow(leaving);
        leaving.forEach(AssignedPartition::lose);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> gone) {
        List<AssignedPartition> leaving = leaving(gone);
        if (leaving.isEmpty()) {
            return;
        }
        leaving.forEach(AssignedPartition::lose);
        withdraw(leaving);
        inlet.cancel(of(Set.copyOf(leaving)));
        log.warn(
                "Subscription '{}': {} were lost, since the group took this member for dead; what it was at will be"
                        + " delivered again",
                spec.id(),
                gone);
    }

    private List<AssignedPartition> leaving(Collection<TopicPartition> ids) {
        List<AssignedPartition> leaving = new ArrayList<>();
        for (TopicPartition id : ids) {
            AssignedPartition partition = partitions.remove(id);
            if (partition != null) {
                leaving.add(partition);
            }
        }
        return leaving;
    }

    private void withdraw(List<AssignedPartition> leaving) {
        inlet.withdraw(of(Set.copyOf(leaving)));
    }

    private static Predicate<InboundDelivery> of(Set<AssignedPartition> those) {
        return delivery -> delivery instanceof KafkaDelivery ours && those.contains(ours.partition());
    }

    private boolean awaitHandlers(List<AssignedPartition> leaving, long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        boolean interrupted = false;
        synchronized (revoking) {
            isRevoking = true;
            try {
                while (leaving.stream().anyMatch(AssignedPartition::isUnderWay)) {
                    long left = (end - System.nanoTime()) / 1_000_000;
                    if (left <= 0) {
                        return false;
                    }
                    try {
                        revoking.wait(left);
                    } catch (InterruptedException stop) {
                        interrupted = true;
                        return false;
                    }
                }
                return true;
            } finally {
                isRevoking = false;
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private void settledOne() {
        if (isRevoking) {
            synchronized (revoking) {
                revoking.notifyAll();
            }
        }
    }

    /** Gives up all partitions and leaves the group; on the loop's thread, last. */
    void leave() {
        try {
            onPartitionsRevoked(List.copyOf(partitions.keySet()));
        } finally {
            inlet.onCredit(() -> {});
            consumer.close();
        }
    }
}

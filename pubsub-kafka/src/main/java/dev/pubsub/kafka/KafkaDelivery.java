package dev.pubsub.kafka;

import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.InboundDelivery;

/**
 * A record that was offered to its subscription. Both flags are written by whoever settles or forgets it, or by the
 * poll loop, and read by the poll loop.
 */
final class KafkaDelivery implements InboundDelivery {

    private final AssignedPartition partition;
    private final Message<EncodedPayload> message;
    private final long offset;
    private volatile boolean done;
    private volatile boolean forgotten;

    KafkaDelivery(AssignedPartition partition, Message<EncodedPayload> message, long offset) {
        this.partition = partition;
        this.message = message;
        this.offset = offset;
    }

    @Override
    public Message<EncodedPayload> message() {
        return message;
    }

    @Override
    public boolean settled(Outcome outcome) {
        done = true;
        partition.settledOne();
        return !partition.isLost();
    }

    @Override
    public void forgotten() {
        forgotten = true;
        partition.settledOne();
    }

    @Override
    public boolean isRevoked() {
        return partition.isFenced();
    }

    AssignedPartition partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    boolean isDone() {
        return done;
    }

    /** The condition has refused it. */
    void filtered() {
        done = true;
    }

    /** Whether a handler may be at it still. */
    boolean isUnderWay() {
        return !done && !forgotten;
    }
}

package dev.pubsub.tck;

import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.InboundDelivery;
import java.util.TreeMap;

/**
 * A partition while one receiver has it: what it has offered and is not settled, and so how far is to be committed.
 * What is revoked stays here as unsettled, so that the next owner begins with it. Guarded by this object.
 */
final class LogClaim {

    private final LogBroker.Member member;
    private final LogBroker.Claim claim;
    private final LogFault fault;
    private final Runnable signal;
    private final TreeMap<Long, Offered> unsettled = new TreeMap<>();
    private long next;
    private long highestSettled = -1;
    private long committed;
    private boolean revoked;

    LogClaim(LogBroker.Member member, LogBroker.Claim claim, LogFault fault, Runnable signal) {
        this.member = member;
        this.claim = claim;
        this.fault = fault;
        this.signal = signal;
        this.next = claim.offset();
        this.committed = claim.offset();
    }

    LogBroker.Partition partition() {
        return claim.partition();
    }

    /** The offset that is to be offered next. */
    synchronized long next() {
        return next;
    }

    /** How far what was offered is ahead of what may be committed. */
    synchronized long distance() {
        return next - position();
    }

    /** The next message as a delivery; from now on it counts as offered. */
    synchronized Offered offering(Message<EncodedPayload> message) {
        Offered offered = new Offered(next, message);
        unsettled.put(next++, offered);
        return offered;
    }

    /** The latest one was not taken: it is still to be offered. */
    synchronized void takeBack(Offered latest) {
        unsettled.remove(latest.offset);
        next = latest.offset;
    }

    /** Commits what may be; without effect where nothing has changed, and tried again where the broker is down. */
    synchronized void commit() {
        long position = position();
        if (position != committed && member.commit(claim, position)) {
            committed = position;
        }
    }

    private long position() {
        if (fault == LogFault.COMMITS_THE_HIGHEST_OFFSET) {
            return Math.max(committed, highestSettled + 1);
        }
        return unsettled.isEmpty() ? next : unsettled.firstKey();
    }

    /** Whether the engine has none of it, or nothing that is not revoked. */
    synchronized boolean isIdle() {
        return unsettled.values().stream().allMatch(offered -> offered.revoked);
    }

    /** Nothing of it is this receiver's any more. */
    synchronized void revoke() {
        revoked = true;
        unsettled.values().forEach(offered -> offered.revoked = true);
    }

    /** Lets another member have the partition. */
    void release() {
        commit();
        member.release(claim);
    }

    /** A record that was offered to the engine. */
    final class Offered implements InboundDelivery {

        private final long offset;
        private final Message<EncodedPayload> message;
        private volatile boolean revoked;

        private Offered(long offset, Message<EncodedPayload> message) {
            this.offset = offset;
            this.message = message;
        }

        @Override
        public Message<EncodedPayload> message() {
            return message;
        }

        @Override
        public boolean settled(Outcome outcome) {
            synchronized (LogClaim.this) {
                if (revoked && fault != LogFault.TAKES_LATE_SETTLEMENTS) {
                    return false;
                }
                unsettled.remove(offset);
                highestSettled = Math.max(highestSettled, offset);
                if (LogClaim.this.revoked) {
                    commit(); // a fault: nobody else will
                }
            }
            signal.run();
            return true;
        }

        @Override
        public boolean isRevoked() {
            return revoked;
        }

        /** Whether it belongs to this claim; if so it is revoked by asking. */
        boolean revokeIfOf(LogClaim owner) {
            synchronized (LogClaim.this) {
                boolean mine = LogClaim.this == owner;
                revoked |= mine;
                return mine;
            }
        }
    }
}

package dev.pubsub.benchmarks.peers;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Sends single messages to a peer that is idle and takes the time of each, from before its publish to the first
 * instruction of its handler. The sender looks for the arrival only from time to time, asleep in between: a sender that
 * spun would keep a core busy and its caches warm for the one, not for the other.
 */
public final class HandOver implements Arrivals, AutoCloseable {

    private static final Reading READING = new Reading(1);

    private final AtomicLong arrivedAt = new AtomicLong();
    private final Peer peer;

    /** To our engine, with the starter's defaults. */
    public static HandOver toOurs() {
        return new HandOver(Ours::withDefaults);
    }

    /** To a thread that blocks in a bare LinkedBlockingQueue. */
    public static HandOver toQueue() {
        return new HandOver(arrivals -> new QueuePeer(new LinkedBlockingQueue<>(), arrivals));
    }

    private HandOver(Function<Arrivals, Peer> opener) {
        peer = opener.apply(this);
    }

    /** Sends one and returns how long it took, in nanoseconds; then the peer has been idle for about the pause. */
    public long send(long pauseNanos) {
        arrivedAt.set(0);
        long from = System.nanoTime();
        peer.publish(READING);
        LockSupport.parkNanos(pauseNanos);
        while (arrivedAt.get() == 0) {
            LockSupport.parkNanos(pauseNanos);
        }
        return arrivedAt.get() - from;
    }

    @Override
    public void arrived(Reading reading) {
        arrivedAt.set(System.nanoTime());
    }

    @Override
    public void expect(int count) {
        // one at a time, and each is waited for
    }

    @Override
    public void await(long sum) {
        // one at a time, and each is waited for
    }

    @Override
    public void close() {
        peer.close();
    }
}

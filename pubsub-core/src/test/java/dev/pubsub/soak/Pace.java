package dev.pubsub.soak;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The clock of senders at a fixed rate: who is late does not put off what comes after. */
final class Pace {

    /** A park ends some tens of microseconds late, which would be counted as latency; so the rest is spun. */
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private Pace() {}

    static void parkUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static void parkAndSpinUntil(long nanoTime) {
        parkUntil(nanoTime - SPIN_NANOS);
        while (System.nanoTime() - nanoTime < 0) {
            Thread.onSpinWait();
        }
    }
}

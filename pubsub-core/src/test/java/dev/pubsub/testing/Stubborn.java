package dev.pubsub.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A place in which handlers hang, whoever interrupts them, until they are let go. */
public final class Stubborn {

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger interrupts = new AtomicInteger();

    /** Hangs. */
    public void hang() {
        inside.incrementAndGet();
        boolean interrupted = false;
        while (true) {
            try {
                release.await();
                break;
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
                interrupted = true;
            }
        }
        inside.decrementAndGet();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until so many hang. */
    public void awaitInside(int count) {
        Soon.until(() -> inside.get() == count);
    }

    /** How often one of them was interrupted. */
    public int interrupts() {
        return interrupts.get();
    }

    /** Lets all go, now and in future. */
    public void release() {
        release.countDown();
    }
}

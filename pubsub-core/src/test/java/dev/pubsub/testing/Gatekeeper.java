package dev.pubsub.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A place in a handler where attempts are held until a test lets them go. {@link #pass} gives way to an interrupt,
 * {@link #passStubbornly} does not.
 */
public final class Gatekeeper {

    private static final long MAX_SECONDS = 60; // so that a failed test ends its threads

    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicInteger arrived = new AtomicInteger();

    /** Waits until it is opened, or interrupted. */
    public void pass() throws InterruptedException {
        arrived.incrementAndGet();
        opened.await(MAX_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits until it is opened, whoever interrupts. */
    public void passStubbornly() {
        arrived.incrementAndGet();
        boolean done = false;
        while (!done) {
            try {
                opened.await(MAX_SECONDS, TimeUnit.SECONDS);
                done = true;
            } catch (InterruptedException ignored) {
                // that is what stubborn means
            }
        }
    }

    /** Lets all go, and all that will come. */
    public void open() {
        opened.countDown();
    }

    /** How many have come so far. */
    public int arrived() {
        return arrived.get();
    }

    /** Waits until so many have come. */
    public void awaitArrivals(int count) {
        org.awaitility.Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(10))
                .until(() -> arrived.get() >= count);
    }
}

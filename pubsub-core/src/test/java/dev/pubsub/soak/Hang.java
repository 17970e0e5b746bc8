package dev.pubsub.soak;

import java.util.concurrent.CountDownLatch;

/** What a handler does that never comes back: it takes no notice of interrupts until it is let go. */
final class Hang {

    private volatile CountDownLatch gate = new CountDownLatch(1);

    void hang() {
        CountDownLatch mine = gate;
        boolean interrupted = false;
        while (true) {
            try {
                mine.await();
                break;
            } catch (InterruptedException ignored) { // it is stubborn: the deadline alone does not end it
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those that hang return, the next ones hang again. */
    void letGo() {
        replace(new CountDownLatch(1));
    }

    /** Nothing hangs any more. */
    void letGoForGood() {
        replace(new CountDownLatch(0));
    }

    private void replace(CountDownLatch next) {
        CountDownLatch previous = gate;
        gate = next;
        previous.countDown();
    }
}

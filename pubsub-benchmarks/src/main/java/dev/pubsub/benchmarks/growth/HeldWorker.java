package dev.pubsub.benchmarks.growth;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A handler that a {@link Gate}, published as a message, holds until it is opened, and that then takes the time of the
 * messages behind it. All but the gates is the worker's own: one worker only.
 */
final class HeldWorker {

    private @Nullable Gate gate;

    void handle(Message<Object> message, Delivery delivery) throws InterruptedException {
        if (message.payload() instanceof Gate next) {
            gate = next;
            next.hold();
        } else if (gate != null) {
            gate.count();
        }
    }

    /** For one burst. */
    static final class Gate {

        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);
        private int left; // these three are written before a latch is counted down, and read behind it
        private long since;
        private long nanos;

        private void hold() throws InterruptedException {
            held.countDown();
            open.await();
            since = System.nanoTime();
        }

        private void count() {
            if (--left == 0) {
                nanos = System.nanoTime() - since;
                over.countDown();
            }
        }

        void awaitHeld() throws InterruptedException {
            held.await();
        }

        /** Opens it; how long it takes from then until so many further messages were handled. */
        long nanosOf(int messages) throws InterruptedException {
            left = messages;
            open.countDown();
            over.await();
            return nanos;
        }
    }
}

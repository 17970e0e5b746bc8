package dev.pubsub.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A handler that holds each message until the test lets it go; after {@link #letAllGo} it holds none. */
public final class HeldHandler implements MessageHandler<Object> {

    private final CountDownLatch open = new CountDownLatch(1);
    private final Semaphore begun = new Semaphore(0);
    private final List<Object> payloads = new CopyOnWriteArrayList<>();

    @Override
    public void handle(Message<Object> message, Delivery delivery) throws Exception {
        begun.release();
        open.await();
        payloads.add(message.payload());
    }

    /** Waits until so many more attempts have begun. */
    public HeldHandler awaitBegun(int count) throws InterruptedException {
        assertThat(begun.tryAcquire(count, 10, TimeUnit.SECONDS))
                .as("%d attempts have begun", count)
                .isTrue();
        return this;
    }

    /** Lets those go that are held, and holds none from now. */
    public void letAllGo() {
        open.countDown();
    }

    /** Payloads of the attempts that have returned. */
    public List<Object> payloads() {
        return payloads;
    }
}

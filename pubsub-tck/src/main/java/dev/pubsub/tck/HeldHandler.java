package dev.pubsub.tck;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A handler that holds some messages until they are let go; an interrupt ends the attempt. Writes down the others. */
final class HeldHandler implements MessageHandler<Object> {

    private final Predicate<? super Message<Object>> holds;
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger held = new AtomicInteger();
    private final Journal journal = new Journal();

    private HeldHandler(Predicate<? super Message<Object>> holds) {
        this.holds = holds;
    }

    static HeldHandler ofAll() {
        return new HeldHandler(message -> true);
    }

    static HeldHandler of(String text) {
        return new HeldHandler(message -> text.equals(message.payload()));
    }

    @Override
    public void handle(Message<Object> message, Delivery delivery) throws InterruptedException {
        if (holds.test(message)) {
            held.incrementAndGet();
            open.await();
        }
        journal.add(message);
    }

    /** How many attempts have begun that are held. */
    int held() {
        return held.get();
    }

    void letAllGo() {
        open.countDown();
    }

    /** What was handled to the end. */
    Journal journal() {
        return journal;
    }
}

package dev.pubsub.dispatch;

import dev.pubsub.spi.Receiver;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Calls a receiver by one thread at a time, be it for seconds, and starts it only while it is wanted. */
final class GuardedReceiver implements Receiver {

    private final Receiver receiver;
    private final BooleanSupplier wanted;
    private final ReentrantLock lock = new ReentrantLock();

    private GuardedReceiver(Receiver receiver, BooleanSupplier wanted) {
        this.receiver = receiver;
        this.wanted = wanted;
    }

    /** {@code wanted} is asked at each start, since a stop may have been faster. */
    static Receiver of(Receiver receiver, BooleanSupplier wanted) {
        return receiver == Receiver.NONE ? receiver : new GuardedReceiver(receiver, wanted);
    }

    @Override
    public void start() {
        locked(() -> {
            if (wanted.getAsBoolean()) {
                receiver.start();
            }
        });
    }

    @Override
    public void quiesce() {
        locked(receiver::quiesce);
    }

    @Override
    public void stop() {
        locked(receiver::stop);
    }

    private void locked(Runnable call) {
        lock.lock();
        try {
            call.run();
        } finally {
            lock.unlock();
        }
    }
}

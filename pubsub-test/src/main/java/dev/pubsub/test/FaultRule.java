package dev.pubsub.test;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A fault in force; see {@link Faults}. Safe for use by any thread. */
public final class FaultRule {

    /** To which attempts it applies. */
    record Condition(String subscription, Predicate<? super Message<?>> matching, int times, int timesEach) {

        boolean matches(Delivery delivery) {
            return delivery.subscriptionId().equals(subscription)
                    && delivery.attempt() <= timesEach
                    && matching.test(delivery.message());
        }
    }

    /** What happens instead of the handler, or before it. */
    @FunctionalInterface
    interface Fault {

        void apply(RunningAttempt attempt) throws Exception;

        /** Lets those go that it holds. */
        default void release() {}
    }

    private final Condition condition;
    private final Fault fault;
    private final Consumer<FaultRule> removal;
    private final AtomicInteger applied = new AtomicInteger();

    FaultRule(Condition condition, Fault fault, Consumer<FaultRule> removal) {
        this.condition = condition;
        this.fault = fault;
        this.removal = removal;
    }

    /** To how many attempts it was applied. */
    public int applied() {
        return applied.get();
    }

    /** Lets attempts go that hang by this rule, now and in future: their handlers are called. Idempotent. */
    public void release() {
        fault.release();
    }

    /** Takes it out of force, and lets go what hangs. Idempotent. */
    public void remove() {
        removal.accept(this);
        fault.release();
    }

    /** Whether it is to be applied to this attempt; counted then. */
    boolean claims(Delivery delivery) {
        return condition.matches(delivery)
                && applied.getAndUpdate(count -> Math.min(count + 1, condition.times())) < condition.times();
    }

    void apply(RunningAttempt attempt) throws Exception {
        fault.apply(attempt);
    }

    @Override
    public String toString() {
        return "FaultRule[subscription=" + condition.subscription() + ", applied=" + applied + "]";
    }

    /** Hangs until it is released or interrupted. */
    static final class Hang implements Fault {

        private final CountDownLatch released = new CountDownLatch(1);
        private final boolean stubborn;
        private final boolean timesOut;

        Hang(boolean stubborn, boolean timesOut) {
            this.stubborn = stubborn;
            this.timesOut = timesOut;
        }

        @Override
        public void apply(RunningAttempt attempt) throws InterruptedException {
            if (timesOut) {
                attempt.timesOutUnless(this::isReleased);
            } else {
                attempt.hangsWhile(() -> !isReleased());
            }
            try {
                if (stubborn) {
                    awaitWhatever();
                } else {
                    released.await();
                }
            } finally {
                attempt.goesOn();
            }
        }

        private boolean isReleased() {
            return released.getCount() == 0;
        }

        private void awaitWhatever() {
            boolean interrupted = false;
            while (true) {
                try {
                    released.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void release() {
            released.countDown();
        }
    }
}

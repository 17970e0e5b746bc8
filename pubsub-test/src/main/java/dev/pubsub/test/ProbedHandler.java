package dev.pubsub.test;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;

/** Calls a handler, unless a fault comes first. */
final class ProbedHandler implements MessageHandler<Object> {

    private static final ThreadLocal<Boolean> RUNNING = new ThreadLocal<>();

    private final MessageHandler<Object> handler;
    private final RunningAttempts attempts;
    private final Faults faults;

    ProbedHandler(MessageHandler<Object> handler, RunningAttempts attempts, Faults faults) {
        this.handler = handler;
        this.attempts = attempts;
        this.faults = faults;
    }

    /** Whether the calling thread runs a handler. */
    static boolean isRunningHere() {
        return RUNNING.get() != null;
    }

    @Override
    public void handle(Message<Object> message, Delivery delivery) throws Exception {
        RunningAttempt attempt = attempts.enter(delivery);
        RUNNING.set(true);
        try {
            if (attempts.isSkipping()) {
                return;
            }
            faults.apply(attempt);
            if (!attempts.isSkipping()) {
                handler.handle(message, delivery);
            }
        } finally {
            RUNNING.remove();
            attempts.exit(attempt);
        }
    }
}

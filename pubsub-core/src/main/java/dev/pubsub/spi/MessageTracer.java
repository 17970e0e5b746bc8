package dev.pubsub.spi;

import dev.pubsub.DeadLetter;
import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import org.jspecify.annotations.Nullable;

/**
 * Follows a message from its publish to its attempts, and takes what the publisher's thread holds to the threads of the
 * handlers. Contexts are opaque to the engine, which keeps one with a copy until that is settled, and with nothing
 * else.
 *
 * <p>Called for every message, by any thread; must be quick, must not block, and throws nothing.
 */
public interface MessageTracer {

    /**
     * A valid message is about to be published, on the calling thread.
     *
     * @param template the topic where a subscription names it, else {@code other}: of few values
     * @return null where nobody wants to know
     */
    @Nullable
    Publication publish(Message<?> message, String template);

    /** For the attempts of one subscription. */
    SubscriptionTracer subscription(SubscriptionSpec<?> spec);

    /** An action that finds on its thread what the calling thread holds now. */
    Runnable carry(Runnable action);

    /** One publish. The first of the three ends, on any thread, ends it; what follows has no effect. */
    interface Publication {

        /** The message to publish instead, of the same id, with what leads from its attempts to here. */
        Message<?> message();

        /** What its copies are to keep for their attempts. */
        Object context();

        /** Makes this publish the current one of the calling thread until the scope is closed there. */
        Scope open();

        /** It was accepted, as so many copies. */
        void accepted(int copies);

        /** It was refused. */
        void refused(Throwable refusal);

        /** It is never admitted: its transaction was rolled back, or its caller has lost interest. */
        void dropped();
    }

    /** What is open on a thread. */
    @FunctionalInterface
    interface Scope extends AutoCloseable {

        /** On the thread that opened it, once. */
        @Override
        void close();
    }

    /** The attempts of one subscription. */
    interface SubscriptionTracer {

        /** What a replayed copy is to keep for its attempts; on the thread that replays it. */
        Object replay(DeadLetter letter);

        /**
         * An attempt that may begin, on the calling thread.
         *
         * @param context what its copy keeps; null for a copy of a publish that nobody followed
         * @return null where nobody wants to know
         */
        @Nullable
        AttemptTrace attempt(Delivery delivery, @Nullable Object context);
    }

    /**
     * One attempt. {@link #begin} and the closing of its scope are called by the worker around the handler;
     * {@link #end} once, by whoever ends the attempt: the worker after the scope was closed, or at any moment before
     * that, even before {@link #begin}, another thread. None of them follows where the handler is not called after all.
     */
    interface AttemptTrace {

        /** The handler is about to be called: restores the context on the calling thread. */
        Scope begin();

        /** The attempt has ended so; the error is null for success, and for a cancellation that is no failure. */
        void end(AttemptResult result, @Nullable Throwable error);
    }
}

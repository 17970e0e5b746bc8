package dev.pubsub.observe;

import dev.pubsub.spi.MessageTracer.Scope;

/** Takes what one thread holds to others: a logging context, a security context. Safe for use by any thread. */
@FunctionalInterface
public interface ContextCarrier {

    /** What the calling thread holds now; {@link #nothing} where that is nothing, which costs its message nothing. */
    Captured capture();

    /** What a thread held; immutable, and restored any number of times. */
    @FunctionalInterface
    interface Captured {

        /** Restores it on the calling thread until the scope is closed there; that thread then holds what it held. */
        Scope restore();
    }

    /** Takes nothing. */
    static ContextCarrier none() {
        return ContextCarrier::nothing;
    }

    /** Of a thread that held nothing; one and the same object. */
    static Captured nothing() {
        return Carried.NOTHING;
    }
}

package dev.pubsub.spi;

import java.util.function.Predicate;

/**
 * Where the deliveries of one subscription come in. Made by the engine; safe for use by any thread, and never blocks.
 */
public interface Inlet {

    /** What became of a delivery that was offered. */
    enum Taken {
        /** The engine has it, and will settle it, unless it is revoked first. */
        TAKEN,
        /** The subscription's condition refused it: it is done with, and the engine has forgotten it. */
        FILTERED,
        /** There is no credit now: the transport keeps it, and offers it again when there is. */
        NO_CREDIT
    }

    /**
     * How many deliveries would be taken now: the free places; few while a circuit breaker holds the subscription,
     * which needs something to try; none while it is paused, quarantined, stopped or closed.
     */
    int credit();

    /** Offers one; those of one key in the order in which they are to be handled. */
    Taken offer(InboundDelivery delivery);

    /**
     * Has this called some time after {@link #credit} or {@link #offer} has found no credit, once copies were settled
     * and there is a good part of it again; by any thread, and not for what was paused and goes on, so a receiver also
     * asks now and then. It must be quick, and must not block. Replaces the one before.
     */
    void onCredit(Runnable wake);

    /**
     * Forgets those that wait here, revoked by now. What is active is left to its handler.
     *
     * @return how many were forgotten
     */
    int withdraw(Predicate<InboundDelivery> which);

    /**
     * Asks the active attempts of these to end, as a shutdown does: they are neither settled nor failed, if they do.
     */
    void cancel(Predicate<InboundDelivery> which);
}

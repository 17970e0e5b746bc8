package dev.pubsub.delivery;

import dev.pubsub.DeadLetter;
import org.jspecify.annotations.Nullable;

/** What is to become of a copy after an attempt. Immutable; acted on by {@code dispatch} alone. */
public sealed interface Verdict {

    /** The handler returned. */
    Verdict COMPLETED = new Completed();

    /** No attempt was made; the copy goes back to the head of its queue. */
    Verdict HELD = new Held(false);

    /** A probe of a half-open breaker failed; the attempt is not spent, the copy goes behind the others. */
    Verdict PROBE_FAILED = new Held(true);

    /**
     * A shutdown cancelled the attempt, or the gate was closed before the handler was called: it is not spent; the copy
     * goes back to the head of its queue.
     */
    Verdict CANCELLED = new Cancelled();

    /** Nobody wants the result any more. */
    Verdict DISCARDED = new Discarded();

    /** Somebody else ended the attempt and has settled the copy, or will: nothing is left to do for it. */
    Verdict LATE = new Late();

    /** See {@link #COMPLETED}. */
    record Completed() implements Verdict {}

    /** The copy is parked for so long. */
    record Retry(long delayNanos, Throwable cause) implements Verdict {}

    /** The copy is finally failed; {@code attempts} is how often the handler was called for it. */
    record Dead(DeadLetter.Reason reason, @Nullable Throwable cause, int attempts) implements Verdict {}

    /** See {@link #HELD} and {@link #PROBE_FAILED}. */
    record Held(boolean probeFailed) implements Verdict {}

    /** See {@link #CANCELLED}. */
    record Cancelled() implements Verdict {}

    /** See {@link #DISCARDED}. */
    record Discarded() implements Verdict {}

    /** See {@link #LATE}. */
    record Late() implements Verdict {}
}

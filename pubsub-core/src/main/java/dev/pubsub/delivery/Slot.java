package dev.pubsub.delivery;

import dev.pubsub.spi.Apart;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.MessageTracer.AttemptTrace;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a worker shows of its present attempt. Written by the worker alone; the watchdog reads {@link #current} and
 * then, once it has ended that attempt by compare-and-set, the other fields, which the worker had written before it
 * began the attempt, by a release of the word that was compared.
 */
public class Slot extends Apart {

    private static final ThreadLocal<@Nullable Slot> OF_THREAD = new ThreadLocal<>();
    private static final VarHandle CURRENT;

    static {
        try {
            CURRENT = MethodHandles.lookup().findVarHandle(Slot.class, "current", Attempt.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Attempt current;
    private volatile @Nullable Thread thread;
    private int permit;
    private long startNanos;
    private long nowNanos;
    private @Nullable AttemptTrace trace;
    private boolean tripped;
    private boolean retired;

    /**
     * The slot of the calling thread, if it is a worker that runs a handler now (or an abandoned one).
     *
     * @param engine known by its time, of which each engine has its own: to another engine it is an ordinary caller
     */
    public static @Nullable Slot ofHandlerThread(EngineTime engine) {
        Slot slot = OF_THREAD.get();
        Attempt attempt = slot == null ? null : slot.current();
        return attempt != null && attempt.isInHandler() && attempt.isOf(engine) ? slot : null;
    }

    /** Ties the slot to the calling thread. */
    protected final void bind() {
        thread = Thread.currentThread();
        OF_THREAD.set(this);
    }

    /** Frees the calling thread of the slot. */
    protected final void unbind() {
        OF_THREAD.remove();
        current = null;
        thread = null;
    }

    /**
     * The worker takes this attempt next, or none. To be called under the lock of its subscription: whoever closes the
     * gate under that lock, and then finds nothing here, knows that no handler is called.
     */
    public final void take(@Nullable Attempt attempt) {
        CURRENT.setRelease(this, attempt);
    }

    /** The attempt whose handler runs, or is about to, or has returned just now; null without one. */
    public @Nullable Attempt current() {
        return current;
    }

    /** The worker's thread; null before it runs and after. */
    public final @Nullable Thread thread() {
        return thread;
    }

    /** The latest time the worker has read: the end of one attempt is the start of the next. */
    public final long nowNanos() {
        return nowNanos;
    }

    /** The worker has read the time. */
    public final void now(long nanos) {
        this.nowNanos = nanos;
    }

    /** Whether the thread must not take another message, because an interrupt may be on its way to it. */
    public final boolean isRetired() {
        return retired;
    }

    /** As {@link #takeTripped}, without clearing it. */
    public final boolean hasTripped() {
        return tripped;
    }

    /** Whether the circuit breaker tripped by this worker's latest report; asking clears it. */
    public final boolean takeTripped() {
        boolean was = tripped;
        tripped = false;
        return was;
    }

    /** Of the attempt that is about to begin, or begun; null where nobody follows it. */
    final @Nullable AttemptTrace trace() {
        return trace;
    }

    /** Before {@link #begin}, since the watchdog may ask for it from then on. */
    final void trace(@Nullable AttemptTrace given) {
        this.trace = given;
    }

    final void begin(Attempt attempt, int givenPermit, long timeoutNanos) {
        this.permit = givenPermit;
        this.startNanos = nowNanos;
        attempt.begin(nowNanos + timeoutNanos);
    }

    final void retire() {
        retired = true;
    }

    final void tripped() {
        tripped = true;
    }

    final int permit() {
        return permit;
    }

    final long startNanos() {
        return startNanos;
    }
}

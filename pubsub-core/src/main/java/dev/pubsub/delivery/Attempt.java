package dev.pubsub.delivery;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.spi.EngineTime;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one copy; a further attempt is another object, so that a {@link Delivery} that somebody kept says
 * nothing of it.
 *
 * <p>Concurrency: {@code word} holds the deadline in the engine's nanoseconds (above 0) while the handler runs, and
 * otherwise one of the marks below. Who ends an attempt is decided by one compare-and-set on it: the worker (ENDED),
 * the watchdog (TIMED_OUT) or the shutdown (CANCELLING, then CANCELLED); since {@link #extend} changes the same word,
 * no deadline can pass that was moved. Marks of attempts that do not run are written under the lock of their
 * subscription, but for {@link #done}, which is the worker's.
 */
public abstract class Attempt implements Delivery {

    /** In the queue, to be taken next. */
    public static final long READY = -1;

    /** In the queue, behind another copy of its key or topic. */
    public static final long FOLLOWING = -2;

    /** Waiting for the time of the attempt. */
    public static final long PARKED = -3;

    /** A worker has taken it; the handler was not called yet. */
    public static final long TAKEN = -4;

    /** The worker ended it, or it was discarded. */
    public static final long ENDED = -5;

    /** The watchdog ended it. */
    public static final long TIMED_OUT = -6;

    /** A shutdown has interrupted it; the worker may still end it. */
    public static final long CANCELLING = -7;

    /** A shutdown ended it. */
    public static final long CANCELLED = -8;

    /** Below all marks: the worker has settled it, at a time in nanoseconds that is added to this. */
    private static final long DONE = Long.MIN_VALUE;

    private static final Duration LONGEST_EXTENSION = Duration.ofDays(365);
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Attempt.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Message<?> message;
    private final DeliveryPipeline pipeline;
    private final int number;
    private volatile long word = READY;

    protected Attempt(Message<?> message, DeliveryPipeline pipeline, int number) {
        this.message = message;
        this.pipeline = pipeline;
        this.number = number;
    }

    /** Whose attempt it is. */
    protected final DeliveryPipeline pipeline() {
        return pipeline;
    }

    /** Whether the caller of {@code deliver} has lost interest. */
    protected abstract boolean isCancelledByCaller();

    /** What the tracer gave its copy to keep; null for nothing. */
    protected abstract @Nullable Object traceContext();

    /** Whether it belongs to the engine that has this time. */
    final boolean isOf(EngineTime engine) {
        return pipeline.time() == engine;
    }

    /** The deadline or mark. */
    public final long word() {
        return word;
    }

    /** Whether nobody has ended it yet; asked while its handler runs. */
    public final boolean isUnderWay() {
        long seen = word;
        return seen > 0 || seen == CANCELLING;
    }

    /** Sets a mark; only while the attempt does not run, and under its subscription's lock. */
    public final void mark(long mark) {
        WORD.setRelease(this, mark);
    }

    /** The handler is about to be called. Release is enough: nobody ends an attempt before its deadline. */
    final void begin(long deadlineNanos) {
        WORD.setRelease(this, deadlineNanos);
    }

    /** The worker ends it; answers the mark that stands now: ENDED, or CANCELLING (ended too), or who was faster. */
    final long end() {
        long seen = word;
        while (seen > 0 || seen == CANCELLING) {
            if (WORD.compareAndSet(this, seen, ENDED)) {
                return seen > 0 ? ENDED : CANCELLING;
            }
            seen = word;
        }
        return seen;
    }

    /**
     * The worker has ended it, it has completed, and it counts as settled from now. What the worker reads after this,
     * it reads later than this is seen: that needs a memory barrier.
     */
    public final void done(long nanos) {
        word = DONE + nanos;
    }

    /** Whether {@link #done} was called. */
    public final boolean isDone() {
        return word < CANCELLED;
    }

    /** When {@link #done} was called; only after that. */
    public final long doneNanos() {
        return word - DONE;
    }

    /** Whether its handler runs, be it abandoned. */
    final boolean isInHandler() {
        long seen = word;
        return seen > 0 || (seen <= TIMED_OUT && seen >= CANCELLED);
    }

    /** The watchdog ends it, unless it was extended or ended since {@code seen} was read. */
    public final boolean timeOut(long seen) {
        return WORD.compareAndSet(this, seen, TIMED_OUT);
    }

    /** A shutdown asks it to end; whoever gets true interrupts the worker. */
    public final boolean requestCancel() {
        long seen = word;
        while (seen > 0) {
            if (WORD.compareAndSet(this, seen, CANCELLING)) {
                return true;
            }
            seen = word;
        }
        return false;
    }

    /** A shutdown ends it, after having asked in vain. */
    public final boolean cancelNow() {
        return WORD.compareAndSet(this, CANCELLING, CANCELLED);
    }

    @Override
    public final Message<?> message() {
        return message;
    }

    @Override
    public final String subscriptionId() {
        return pipeline.subscriptionId();
    }

    @Override
    public final int attempt() {
        return number;
    }

    @Override
    public final boolean isLastAttempt() {
        return number >= pipeline.maxAttempts();
    }

    @Override
    public final Instant deadline() {
        EngineTime time = pipeline.time();
        long seen = word;
        return time.instant().plusNanos(seen > 0 ? seen - time.nanos() : 0);
    }

    @Override
    public final Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    /** As {@link #remaining}, without an object. */
    public final long remainingNanos() {
        long seen = word;
        return seen > 0 ? Math.max(0, seen - pipeline.time().nanos()) : 0;
    }

    @Override
    public final boolean isCancelled() {
        long seen = word;
        return seen == TIMED_OUT || seen == CANCELLING || seen == CANCELLED || isCancelledByCaller();
    }

    @Override
    public final boolean extend(Duration d) {
        if (d.isNegative() || d.compareTo(LONGEST_EXTENSION) > 0) {
            throw new IllegalArgumentException("The extension is " + d + "; it must be from 0 to 365 days");
        }
        long target = pipeline.time().nanos() + d.toNanos();
        long seen = word;
        while (seen > 0) {
            // an unchanged word is set as well: only then is it certain that the attempt had not ended
            if (WORD.compareAndSet(this, seen, Math.max(seen, target))) {
                return true;
            }
            seen = word;
        }
        return false;
    }

    @Override
    public String toString() {
        return "Delivery[subscriptionId=" + subscriptionId() + ", messageId=" + message.id() + ", attempt=" + number
                + "]";
    }
}

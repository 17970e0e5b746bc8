package dev.pubsub.delivery;

import dev.pubsub.CircuitOpenException;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.HandlerPanicException;
import dev.pubsub.HandlerTimeoutException;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.codec.PayloadConverter;
import dev.pubsub.resilience.Breaker;
import dev.pubsub.resilience.RetryDecider;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.MessageTracer.AttemptTrace;
import dev.pubsub.spi.MessageTracer.Scope;
import dev.pubsub.spi.MessageTracer.SubscriptionTracer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one attempt, from the breaker's permit to the verdict: permit, gate, deadline, conversion, handler, end.
 * The nesting is literal in {@link #attempt}. Safe for use by any thread; knows one subscription.
 */
public final class DeliveryPipeline {

    private static final Gate OPEN = () -> true;

    private final SubscriptionSpec<?> spec;
    private final MessageHandler<Object> handler;
    private final PayloadConverter converter;
    private final Breaker breaker;
    private final RetryDecider retry;
    private final AttemptRecorder recorder;
    private final ContextCleaner context;
    private final EngineTime time;
    private final @Nullable SubscriptionTracer tracer;
    private final long timeoutNanos;

    /** The pipeline of one subscription; {@code tracer} is null where nobody follows its attempts. */
    @SuppressWarnings("unchecked")
    public DeliveryPipeline(
            SubscriptionSpec<?> spec,
            MessageHandler<?> handler,
            PayloadConverter converter,
            Breaker breaker,
            RetryDecider retry,
            AttemptRecorder recorder,
            ContextCleaner context,
            EngineTime time,
            @Nullable SubscriptionTracer tracer) {
        this.spec = spec;
        this.handler = (MessageHandler<Object>) handler;
        this.converter = converter;
        this.breaker = breaker;
        this.retry = retry;
        this.recorder = recorder;
        this.context = context;
        this.time = time;
        this.tracer = tracer;
        this.timeoutNanos = spec.timeout().toNanos();
    }

    /**
     * Makes one attempt on the calling thread, whose slot is given. Throws nothing.
     *
     * @param retries the failures of this copy so far; asked for only after a failure
     * @param gate asked at the last moment
     */
    public Verdict attempt(Slot slot, Attempt attempt, RetryMemory retries, Gate gate) {
        if (tracer != null) {
            slot.trace(tracer.attempt(attempt, attempt.traceContext()));
        }
        int permit = breaker.acquire();
        if (permit == Breaker.DENIED) {
            return breaker.pausesWhenOpen() ? Verdict.HELD : circuitOpen(attempt);
        }
        slot.begin(attempt, permit, timeoutNanos);
        Throwable thrown = tracer == null ? call(attempt, gate) : callTraced(slot, attempt, gate);
        long end = time.nanos();
        long mark = attempt.end();
        slot.now(end);
        if (tracer != null) {
            endTrace(slot, mark, thrown);
        }
        context.clear();
        if (mark == Attempt.ENDED && thrown == null) {
            return succeeded(slot, attempt, end - slot.startNanos());
        }
        return concludeSpecial(slot, attempt, retries, mark, thrown, end - slot.startNanos());
    }

    @SuppressWarnings("unchecked")
    private @Nullable Throwable call(Attempt attempt, Gate gate) {
        try {
            Message<Object> message = (Message<Object>) converter.convert(attempt.message());
            // the slot shows the attempt already, since its copy was taken: whoever closes the gate under the lock and
            // then finds none knows that none begins
            if (!gate.isOpen()) {
                return new NotBegun();
            }
            handler.handle(message, attempt);
            return null;
        } catch (Throwable thrown) {
            return thrown; // an Error too: whatever a handler throws is its own affair
        }
    }

    private @Nullable Throwable callTraced(Slot slot, Attempt attempt, Gate gate) {
        AttemptTrace trace = slot.trace();
        if (trace == null) {
            return call(attempt, gate);
        }
        if (!gate.isOpen()) {
            return new NotBegun();
        }
        try (Scope scope = trace.begin()) {
            return call(attempt, OPEN); // it has been asked: what is traced has begun
        } catch (Throwable thrown) { // the tracer's, against its word; the attempt must be ended all the same
            return thrown;
        }
    }

    /** Of an attempt that the worker ended; whoever else ends one tells so, too. */
    private static void endTrace(Slot slot, long mark, @Nullable Throwable thrown) {
        AttemptTrace trace = slot.trace();
        if (trace == null || (mark != Attempt.ENDED && mark != Attempt.CANCELLING)) {
            return; // whoever ended the attempt may be about to ask for its trace
        }
        slot.trace(null); // it may hold much, and a worker may sleep long
        if (thrown instanceof NotBegun) {
            return;
        }
        if (thrown == null) {
            trace.end(AttemptResult.SUCCESS, null);
        } else if (mark == Attempt.CANCELLING && !(thrown instanceof Error)) {
            trace.end(AttemptResult.CANCELLED, null);
        } else {
            trace.end(FailureJudge.kindOf(thrown).result(), thrown);
        }
    }

    private static void endTrace(Slot slot, AttemptResult result, @Nullable Throwable error) {
        AttemptTrace trace = slot.trace();
        if (trace != null) {
            trace.end(result, error);
        }
    }

    private Verdict succeeded(Slot slot, Attempt attempt, long nanos) {
        if (breaker.success(slot.permit(), nanos)) {
            slot.tripped();
        }
        recorder.attempted(attempt, AttemptResult.SUCCESS, nanos, null);
        return Verdict.COMPLETED;
    }

    private Verdict concludeSpecial(
            Slot slot, Attempt attempt, RetryMemory retries, long mark, @Nullable Throwable thrown, long nanos) {
        if (mark != Attempt.ENDED) {
            slot.retire(); // an interrupt was sent, and may arrive yet
        }
        if (mark != Attempt.ENDED && mark != Attempt.CANCELLING) {
            return Verdict.LATE;
        }
        if (thrown == null) {
            return succeeded(slot, attempt, nanos);
        }
        if (thrown instanceof NotBegun) {
            breaker.release(slot.permit());
            return Verdict.CANCELLED;
        }
        if (mark == Attempt.CANCELLING && !(thrown instanceof Error)) {
            breaker.release(slot.permit());
            recorder.attempted(attempt, AttemptResult.CANCELLED, nanos, thrown);
            return Verdict.CANCELLED;
        }
        return failed(slot, attempt, retries, thrown, nanos);
    }

    private Verdict failed(Slot slot, Attempt attempt, RetryMemory retries, Throwable thrown, long nanos) {
        FailureJudge.Kind kind = FailureJudge.kindOf(thrown);
        recorder.attempted(attempt, kind.result(), nanos, thrown); // first: a foreign predicate may throw below
        report(slot, kind, thrown, nanos);
        Verdict verdict = kind == FailureJudge.Kind.FAILURE && isReturnedProbe(slot, thrown)
                ? Verdict.PROBE_FAILED
                : FailureJudge.judge(retry, kind, thrown, attempt, retries);
        boolean again = verdict instanceof Verdict.Retry || verdict == Verdict.PROBE_FAILED;
        return again && attempt.isCancelledByCaller() ? Verdict.DISCARDED : verdict;
    }

    private boolean isReturnedProbe(Slot slot, Throwable thrown) {
        return breaker.pausesWhenOpen() && Breaker.isProbe(slot.permit()) && retry.isRetryable(thrown);
    }

    private void report(Slot slot, FailureJudge.Kind kind, Throwable thrown, long nanos) {
        if (!kind.countsAsError()) {
            breaker.release(slot.permit());
        } else if (breaker.error(slot.permit(), nanos, asException(kind, thrown))) {
            slot.tripped();
        }
    }

    /** Predicates of the application on its breaker expect exceptions; the cause is what was thrown. */
    private Throwable asException(FailureJudge.Kind kind, Throwable thrown) {
        return kind == FailureJudge.Kind.PANIC
                ? new HandlerPanicException("Subscription '" + spec.id() + "': the handler panicked", thrown)
                : thrown;
    }

    /**
     * The watchdog has ended this attempt at its deadline.
     *
     * @param stack what the worker's thread did then
     */
    public Verdict timedOut(Slot slot, Attempt attempt, RetryMemory retries, StackTraceElement[] stack) {
        long nanos = time.nanos() - slot.startNanos();
        HandlerTimeoutException timeout =
                new HandlerTimeoutException("Subscription '" + spec.id() + "': attempt " + attempt.attempt()
                        + " exceeded its deadline; it had " + spec.timeout().toMillis() + " ms");
        timeout.setStackTrace(stack);
        recorder.attempted(attempt, AttemptResult.TIMEOUT, nanos, timeout);
        endTrace(slot, AttemptResult.TIMEOUT, timeout);
        if (breaker.error(slot.permit(), nanos, timeout)) {
            slot.tripped();
        }
        Verdict verdict = FailureJudge.judge(retry, FailureJudge.Kind.TIMEOUT, timeout, attempt, retries);
        return verdict instanceof Verdict.Retry && attempt.isCancelledByCaller() ? Verdict.DISCARDED : verdict;
    }

    /** A shutdown has ended this attempt, whose handler runs on. */
    public Verdict abandonedByShutdown(Slot slot, Attempt attempt) {
        endTrace(slot, AttemptResult.CANCELLED, null);
        breaker.release(slot.permit());
        recorder.attempted(attempt, AttemptResult.CANCELLED, time.nanos() - slot.startNanos(), null);
        return Verdict.CANCELLED;
    }

    private Verdict circuitOpen(Attempt attempt) {
        return new Verdict.Dead(
                Reason.CIRCUIT_OPEN,
                new CircuitOpenException("Subscription '" + spec.id() + "': the circuit breaker is open"),
                attempt.attempt() - 1);
    }

    /** Follows its attempts; null where nobody does. */
    public @Nullable SubscriptionTracer tracer() {
        return tracer;
    }

    /** Clears what other tasks left on the calling thread, which is about to deliver. */
    public void clearContext() {
        context.clear();
    }

    /**
     * The message as its handler is to get it; throws {@link dev.pubsub.spi.UndeliverableException} where it cannot.
     */
    public Message<?> decoded(Message<?> message) {
        return converter.convert(message);
    }

    /** Whose copies it delivers. */
    public String subscriptionId() {
        return spec.id();
    }

    /** Attempts in all that a failing copy has. */
    public int maxAttempts() {
        return retry.maxAttempts();
    }

    /** The circuit breaker. */
    public Breaker breaker() {
        return breaker;
    }

    /** The engine's time. */
    public EngineTime time() {
        return time;
    }

    /** How long an attempt has, without an extension. */
    public long timeoutNanos() {
        return timeoutNanos;
    }

    /** Retry's context for a copy that failed for the first time. */
    public RetryDecider.Context newRetryContext() {
        return retry.newContext();
    }

    /** Gives up what it holds of Resilience4j. Idempotent. */
    public void close() {
        breaker.close();
        retry.close();
    }

    /** The gate was closed at the last moment; stands for what the handler would have thrown. */
    private static final class NotBegun extends Exception {

        private static final long serialVersionUID = 1L;

        NotBegun() {
            super("not begun", null, false, false);
        }
    }
}

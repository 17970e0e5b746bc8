package dev.pubsub.dispatch;

import dev.pubsub.CircuitOpenException;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.delivery.Verdict;
import dev.pubsub.resilience.Breaker;
import dev.pubsub.spi.SafeText;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a subscription's copies back while its circuit breaker gives no permit. {@link #newsOf} and {@link #tell} are
 * called outside the subscription's lock, since the application may listen to the breaker; {@link #apply} under it.
 */
final class BreakerHold {

    private static final Logger log = LoggerFactory.getLogger(BreakerHold.class);
    private static final long AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** What a worker's latest attempt, or its refusal, taught of the breaker. */
    record News(boolean tripped, boolean denied, long askAgainAt) {
        static final News NONE = new News(false, false, 0);
    }

    private final SubscriptionRuntime runtime;

    BreakerHold(SubscriptionRuntime runtime) {
        this.runtime = runtime;
    }

    /** A probe failed with what would be retried: it is returned, unless this copy has been one often enough. */
    Verdict countProbe(Copy copy) {
        int most = breaker().maxProbes();
        if (++copy.details().probes < most) {
            return Verdict.PROBE_FAILED;
        }
        String text =
                "Subscription '" + runtime.id() + "': failed " + most + " times as a probe of the circuit breaker";
        return new Verdict.Dead(Reason.CIRCUIT_OPEN, new CircuitOpenException(text), copy.attempt());
    }

    News newsOf(Worker worker, Verdict verdict) {
        boolean tripped = worker.takeTripped();
        if (!tripped && verdict != Verdict.HELD) {
            return News.NONE; // nearly always: the breaker is not even looked at
        }
        Breaker breaker = breaker();
        boolean denied = verdict == Verdict.HELD && (breaker.isOpen() || breaker.isHalfOpen());
        return tripped || denied ? new News(tripped, denied, askAgainAt(breaker)) : News.NONE;
    }

    private long askAgainAt(Breaker breaker) {
        try {
            return breaker.askAgainAt();
        } catch (Throwable thrown) { // the wait may be computed by the application, and must not cost a copy
            log.error("Subscription '{}': its circuit breaker failed: {}", runtime.id(), SafeText.of(thrown));
            return runtime.services().time().nanos() + AFTER_FAILURE_NANOS;
        }
    }

    /** Answers whether copies are held from now until some time that a timer must wait for. */
    boolean apply(News news, Verdict verdict) {
        if (!news.tripped && !news.denied && !runtime.state.isHeld()) {
            return false;
        }
        Breaker breaker = breaker();
        // a denial may be old news: the last probe may have closed the breaker since, and nobody would lift the hold
        if (news.tripped || (news.denied && (breaker.isOpen() || breaker.isHalfOpen()))) {
            if (breaker.pausesWhenOpen()) {
                runtime.state.hold(news.askAgainAt);
                return true;
            }
        } else if (runtime.state.isHeld() && (verdict != Verdict.HELD || news.denied) && !breaker.isOpen()) {
            if (breaker.isHalfOpen()) {
                runtime.state.hold(1); // a probe has ended: another permit may be there
            } else {
                runtime.state.releaseHold();
            }
        }
        return false;
    }

    /** Says what has changed, in the log and to those who listen. */
    void tell(News news) {
        runtime.state.tellChanges();
        if (news.tripped) {
            log.warn(
                    "Subscription '{}': circuit breaker '{}' tripped; {}",
                    runtime.id(),
                    SafeText.of(breaker().name()),
                    breaker().pausesWhenOpen() ? "its copies wait" : "its copies are dead-lettered");
        }
    }

    /** Whether copies wait because of the breaker. */
    boolean isPausing() {
        return breaker().pausesWhenOpen() && breaker().isOpen();
    }

    private Breaker breaker() {
        return runtime.pipeline().breaker();
    }
}

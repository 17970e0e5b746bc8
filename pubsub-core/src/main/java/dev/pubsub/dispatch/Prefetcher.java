package dev.pubsub.dispatch;

import dev.pubsub.delivery.Attempt;
import dev.pubsub.delivery.Slot;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The slot of a worker that may take several copies at once, to attempt and settle one after another without the lock.
 * To take and leave the lock for each, and to show each attempt by itself, would take 15 of the 109 ns that a worker
 * needs for a message (2 cores, Java 17); to take them out of the queue and book them one by one, another 3 of 135.
 *
 * <p>Concurrency: the copies are a chain, linked by {@code next}, from the one that the slot shows. The worker marks
 * each one that has completed as done, and then looks whether it was recalled. Whoever else takes the lock recalls it
 * first, and then looks at the marks; both are volatile. So the first copy that is not done is the worker's, which
 * comes by the lock after it; what is behind goes back to the head of the queue, and what is done is booked. Therefore
 * whoever holds the lock, but for the worker itself, finds at most one copy with it, as if it took them one by one. All
 * but the marks and {@code since}, which is the worker's own, is written under the lock; publishers look at
 * {@code prefetched} and {@code recalled} without it.
 */
abstract class Prefetcher extends Slot {

    private static final int MOST = 32; // with more, a message takes no less
    private static final int PART = 8; // of the places: publishers see those of settled copies as taken until then

    /** So long may publishers see places taken that are free; a handler that takes longer has no use for all this. */
    private static final long LONGEST_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

    private final SubscriptionRuntime runtime;
    private final int most; // copies at once
    private volatile boolean recalled;
    private volatile boolean prefetched; // some were taken at once, and the worker was not back since
    private @Nullable Copy unbooked; // of these, the first
    private long since;

    Prefetcher(SubscriptionRuntime runtime, int most) {
        this.runtime = runtime;
        this.most = most;
    }

    /** How many copies a worker may take at once, where that is useful at all. */
    static int most(int places) {
        return Math.max(1, Math.min(MOST, places / PART));
    }

    /** Whether it may ever take several at once. */
    final boolean mayTakeSeveral() {
        return most > 1;
    }

    final SubscriptionRuntime runtime() {
        return runtime;
    }

    @Override
    public final @Nullable Attempt current() {
        Attempt attempt = super.current();
        while (attempt instanceof Copy copy && copy.isDone()) {
            attempt = copy.next;
        }
        return attempt;
    }

    /** Takes what is ready behind a copy that the worker has just taken; under the lock. */
    final void prefetch(Copy first) {
        first.next = runtime.backlog.pollUnfollowed(most - 1);
        if (first.next != null) {
            unbooked = first;
            since = nowNanos();
            recalled = false;
            prefetched = true;
        }
    }

    /**
     * Settles a copy that has completed, if another follows it that the worker may attempt now; answers that one. With
     * null the worker must come by the lock, be the copy settled or not.
     */
    final @Nullable Copy settleAndGoOn(Copy copy) {
        Copy next = copy.next;
        if (next == null || recalled || isRetired() || hasTripped() || nowNanos() - since > LONGEST_NANOS) {
            return null;
        }
        copy.done(nowNanos());
        return recalled ? null : next;
    }

    /**
     * The worker is back from this copy, by the lock. Answers the one behind it if that was recalled too late, and so
     * is the worker's already; else null, and the worker has none but this copy.
     */
    final @Nullable Copy comeBack(Copy copy) {
        if (!prefetched) {
            return null;
        }
        book();
        unbooked = null;
        Copy claimed = copy.isDone() ? copy.next : null;
        giveBack(claimed == null ? copy : claimed);
        Copy settled = (Copy) super.current();
        while (settled != null && settled != claimed) { // no settled copy may keep its neighbours alive
            Copy next = settled.next;
            settled.next = null;
            settled = next;
        }
        prefetched = false;
        return claimed;
    }

    /** Whether it may have settled copies that are not booked yet; any thread. */
    final boolean isAhead() {
        return prefetched && !recalled;
    }

    /** Somebody else has taken the lock. */
    final void recall() {
        if (!prefetched) {
            return;
        }
        recalled = true;
        Copy present = book();
        if (present != null) {
            giveBack(present);
        }
    }

    /** Counts what is done, all at once; answers the first copy that is not. */
    private @Nullable Copy book() {
        Copy copy = unbooked;
        int done = 0;
        long latencyTotal = 0;
        long latencyMax = 0;
        while (copy != null && copy.isDone()) {
            long latency = copy.doneNanos() - copy.acceptedNanos;
            latencyTotal += latency;
            latencyMax = Math.max(latencyMax, latency);
            done++;
            copy = copy.next;
        }
        if (done > 0) {
            unbooked = copy;
            runtime.completed(done, latencyTotal, latencyMax, copy != null);
        }
        return copy;
    }

    private void giveBack(Copy copy) {
        Copy behind = copy.next;
        copy.next = null;
        if (behind != null) {
            runtime.backlog.putBackAll(behind);
        }
    }
}

package dev.pubsub.dispatch;

import dev.pubsub.Ordering;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one subscription. Each is idle (sleeping, on the list), searching (awake or about to be, without a
 * copy) or at work. Another one is roused only while none searches: the one that takes a copy and leaves others rouses
 * the next. Guarded by the subscription's lock.
 */
final class Crew {

    /** Of crews that have had no worker yet; nothing is ever added to it. */
    private static final Deque<Worker> NOBODY = new ArrayDeque<>(1);

    private final SubscriptionRuntime runtime;
    private Deque<Worker> idle = NOBODY;
    private Set<Worker> workers = Set.of(); // both until the first worker
    private int searching;
    private volatile @Nullable Worker latest; // read without the lock, too

    Crew(SubscriptionRuntime runtime) {
        this.runtime = runtime;
    }

    /** Whether rousing one could help. */
    boolean canRouse() {
        return searching == 0
                && (!idle.isEmpty() || workers.size() < runtime.spec().concurrency());
    }

    /**
     * A worker to wake or to start, once the lock is free; it counts as searching from now. Only if {@link #canRouse}.
     */
    Worker rouse() {
        Worker worker = idle.pollLast(); // the latest to fall asleep has the warmest caches
        if (worker == null) {
            worker = hire();
        } else {
            worker.signal();
        }
        search(worker);
        return worker;
    }

    private Worker hire() {
        if (idle == NOBODY) {
            idle = new ArrayDeque<>();
            workers = new LinkedHashSet<>();
            runtime.lock.moveApart();
        }
        Worker worker = Worker.of(runtime, copiesAtOnce());
        workers.add(worker);
        latest = worker;
        return worker;
    }

    /** With other workers, or with keys, others might take first what one has taken and not begun. */
    private int copiesAtOnce() {
        boolean alone = runtime.spec().concurrency() == 1 && runtime.spec().ordering() == Ordering.NONE;
        return alone ? Prefetcher.most(runtime.intake.limit()) : 1;
    }

    /** A searching worker searches no longer. */
    void found(Worker worker) {
        worker.searches(false);
        searching--;
    }

    /** A worker has settled its copy and looks for another. */
    void search(Worker worker) {
        worker.searches(true);
        searching++;
    }

    /** A searching worker goes to sleep. */
    void rest(Worker worker) {
        found(worker);
        worker.rest();
        idle.addLast(worker);
    }

    /** An idle worker has slept long enough; false if it was roused meanwhile. */
    boolean leaveIdle(Worker worker) {
        if (worker.isSignalled()) {
            return false;
        }
        idle.remove(worker);
        remove(worker);
        return true;
    }

    /** A searching worker ends, or could not be started. */
    void leaveSearching(Worker worker) {
        found(worker);
        remove(worker);
    }

    /** A worker will not come back: its place is free for another. */
    void lose(Worker worker) {
        if (worker.isSearching()) {
            found(worker);
        }
        remove(worker);
    }

    private void remove(Worker worker) {
        workers.remove(worker);
        if (worker == latest) {
            latest = null; // an idle subscription keeps none
        }
    }

    /** Whether a worker may have settled copies that are not counted yet; any thread. */
    boolean isAhead() {
        Worker only = latest; // where there are more, none takes several copies at once
        return only != null && only.isAhead();
    }

    /** Somebody else than a worker has taken the lock: calls back what workers have taken and not begun. */
    void recall() {
        Worker only = latest;
        if (only != null) {
            only.recall();
        }
    }

    /** Takes an idle worker off the list, to end; null when there is none left. */
    @Nullable
    Worker dismissOne() {
        Worker worker = idle.pollLast();
        if (worker != null) {
            worker.dismiss();
            remove(worker);
        }
        return worker;
    }

    /** All that are not lost. */
    Iterable<Worker> workers() {
        return Set.copyOf(workers);
    }
}

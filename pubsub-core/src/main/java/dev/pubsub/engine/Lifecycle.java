package dev.pubsub.engine;

import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubSnapshot.State;
import dev.pubsub.delivery.Slot;
import dev.pubsub.dispatch.LiveSubscription;
import dev.pubsub.publish.Acceptance;
import dev.pubsub.publish.Router;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, drains and closes an engine.
 *
 * <p>Concurrency: {@code phase} is read by every publish. It is written under {@code members}, together with starting
 * or halting the subscriptions that there are, so that none that is added meanwhile misses a change; nothing waits
 * under that lock. One start, stop or close at a time holds {@code stopping}; others wait for it, except a handler,
 * which must not wait for a drain that waits for handlers: its close is left to the holder in {@code leftToDo}, which
 * the holder looks at once it has let go. Whoever stops while a drain is under way shortens it first, by
 * {@code drainEnd}, so that each ends within its own grace.
 */
final class Lifecycle implements Acceptance {

    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);
    /** A drain takes real time, even where a test moves the engine's time by hand. */
    private static final TimeSource REAL_TIME = TimeSource.system();

    private static final long CANCEL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private enum Phase {
        NEW(State.NEW, true, true),
        RUNNING(State.RUNNING, true, true),
        DRAINING(State.STOPPING, true, false),
        /** No attempt begins; those that run are asked to end, and only then are their publishes refused. */
        HALTING(State.STOPPING, true, false),
        CANCELLING(State.STOPPING, false, false),
        STOPPED(State.STOPPED, false, false),
        CLOSED(State.CLOSED, false, false);

        private final State state;
        private final boolean acceptsFromHandlers;
        private final boolean acceptsFromOutside;

        Phase(State state, boolean acceptsFromHandlers, boolean acceptsFromOutside) {
            this.state = state;
            this.acceptsFromHandlers = acceptsFromHandlers;
            this.acceptsFromOutside = acceptsFromOutside;
        }
    }

    private final Router router;
    private final EngineTime time;
    private final Executor pool;
    private final ReentrantLock members = new ReentrantLock();
    private final ReentrantLock stopping = new ReentrantLock();
    private final AtomicLong drainEnd = new AtomicLong(Long.MAX_VALUE);
    private final AtomicReference<@Nullable Runnable> leftToDo = new AtomicReference<>();
    private final long origin = REAL_TIME.nanoTime();
    private volatile Phase phase = Phase.NEW;

    /** The pool stops receivers. */
    Lifecycle(Router router, EngineTime time, Executor pool) {
        this.router = router;
        this.time = time;
        this.pool = pool;
    }

    @Override
    public boolean accepts(boolean fromHandler) {
        Phase now = phase;
        return fromHandler ? now.acceptsFromHandlers : now.acceptsFromOutside;
    }

    @Override
    public boolean delivers() {
        return phase != Phase.NEW;
    }

    State state() {
        return phase.state;
    }

    /**
     * Adds a subscription, and starts it if the engine runs.
     *
     * @param make called once the id is known to be free: a transport is not to hear of what is refused
     * @param registered called once it is found by its id, before it takes a message
     */
    LiveSubscription add(String id, Supplier<LiveSubscription> make, Consumer<LiveSubscription> registered) {
        members.lock();
        try {
            requireNotClosed();
            router.requireFree(id);
            LiveSubscription subscription = make.get();
            router.add(subscription);
            try {
                registered.accept(subscription);
            } catch (RuntimeException | Error thrown) { // listeners of the application
                router.remove(subscription);
                throw thrown;
            }
            if (phase == Phase.RUNNING || phase == Phase.DRAINING) {
                subscription.start();
            }
            return subscription;
        } finally {
            members.unlock();
        }
    }

    void start() {
        exclusively(
                false,
                () -> enter(Phase.RUNNING, phase == Phase.NEW || phase == Phase.STOPPED, subscriptions -> {
                    subscriptions.forEach(LiveSubscription::start);
                }));
    }

    /** Changes the phase if {@code allowed}, and does this with the subscriptions that there are. */
    private void enter(Phase next, boolean allowed, Consumer<List<LiveSubscription>> action) {
        locked(members, () -> {
            requireNotClosed();
            if (allowed) {
                phase = next;
                action.accept(router.all());
            }
        });
    }

    private void requireNotClosed() {
        if (phase == Phase.CLOSED) {
            throw new PubSubClosedException("The engine is closed; build another one");
        }
    }

    void stop(Duration drain) {
        if (drain.isNegative()) {
            throw new IllegalArgumentException("The drain is " + drain + "; it must not be negative");
        }
        Duration longest = Duration.ofDays(365);
        long end = now() + (drain.compareTo(longest) > 0 ? longest : drain).toNanos();
        shortenDrain(end);
        exclusively(false, () -> drainAndStop(end));
    }

    /** Stops, discards what is left, and runs {@code afterwards} once. */
    void close(Duration drain, Runnable afterwards) {
        long end = now() + drain.toNanos();
        shortenDrain(end);
        exclusively(true, () -> {
            if (phase == Phase.CLOSED) {
                return;
            }
            drainAndStop(end);
            List<LiveSubscription> left = new ArrayList<>();
            enter(Phase.CLOSED, true, left::addAll);
            left.forEach(Lifecycle::closeAndReport);
            afterwards.run();
        });
    }

    /** All at once: each may wait for its broker, and where one does, all do. */
    private void stopReceiving(List<LiveSubscription> subscriptions) {
        List<CompletableFuture<@Nullable Void>> stops = new ArrayList<>();
        for (LiveSubscription subscription : subscriptions) {
            if (subscription.isReceiving()) {
                CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
                stops.add(stopped);
                Runnable stop = () -> {
                    stopReceiving(subscription);
                    stopped.complete(null);
                };
                try {
                    pool.execute(stop);
                } catch (RejectedExecutionException | OutOfMemoryError noThread) {
                    stop.run();
                }
            }
        }
        stops.forEach(CompletableFuture::join);
    }

    private static void stopReceiving(LiveSubscription subscription) {
        try {
            subscription.stopReceiving();
        } catch (RuntimeException | Error thrown) { // a transport's; the others must be stopped all the same
            log.error(
                    "Subscription '{}': its transport could not stop receiving: {}",
                    subscription.id(),
                    SafeText.of(thrown),
                    SafeText.trace(thrown));
        }
    }

    private static void closeAndReport(LiveSubscription subscription) {
        int discarded = 0;
        try {
            discarded = subscription.closeWithEngine();
        } catch (RuntimeException
                | Error thrown) { // listeners of the application; the others must be closed all the same
            log.error(
                    "Subscription '{}' could not be closed: {}",
                    subscription.id(),
                    SafeText.of(thrown),
                    SafeText.trace(thrown));
        }
        if (discarded > 0) {
            log.warn(
                    "Subscription '{}': {} copies discarded, since the engine was closed",
                    subscription.id(),
                    discarded);
        }
    }

    private void drainAndStop(long end) {
        try {
            stopLocked(end);
        } finally {
            drainEnd.set(Long.MAX_VALUE); // whatever shortened this drain, or came too late, is no concern of the next
        }
    }

    private void stopLocked(long end) {
        List<LiveSubscription> halted = new ArrayList<>();
        if (phase == Phase.NEW) {
            enter(Phase.STOPPED, true, halted::addAll);
            report(halted, true);
        }
        if (phase != Phase.RUNNING) {
            return;
        }
        shortenDrain(end);
        enter(Phase.DRAINING, true, subscriptions -> {
            subscriptions.forEach(LiveSubscription::quiesce);
            wakeWaiters(subscriptions);
        });
        boolean drained = await(drainEnd::get, () -> isDrained(drainEnd.get()));
        drainEnd.set(Long.MAX_VALUE);
        enter(Phase.HALTING, true, subscriptions -> {
            subscriptions.forEach(LiveSubscription::halt);
            halted.addAll(subscriptions);
        });
        requestCancel(halted); // first, so that a handler whose publish is refused from now on is cancelled, not failed
        enter(Phase.CANCELLING, true, Lifecycle::wakeWaiters);
        long cancelEnd = now() + CANCEL_NANOS;
        if (!await(() -> cancelEnd, () -> requestCancel(halted))) {
            halted.forEach(LiveSubscription::cancelNow);
        }
        stopReceiving(halted);
        enter(Phase.STOPPED, true, subscriptions -> {});
        report(halted, drained);
    }

    private long now() {
        return REAL_TIME.nanoTime() - origin;
    }

    private void shortenDrain(long end) {
        drainEnd.accumulateAndGet(end, Math::min);
    }

    /** Those that wait for room ask whether they may go on, and are refused. */
    private static void wakeWaiters(List<LiveSubscription> subscriptions) {
        subscriptions.forEach(subscription -> subscription.intake().wakeWaiters());
    }

    private boolean isDrained(long end) {
        long endInEngineTime = time.nanos() + (end - now());
        List<LiveSubscription> all = router.all();
        long accepted = accepted(all);
        boolean drained = all.stream().allMatch(subscription -> subscription.isDrained(endInEngineTime));
        // a handler of one that was asked late may have published to one that was asked before
        return drained && accepted == accepted(router.all());
    }

    private static long accepted(List<LiveSubscription> subscriptions) {
        return subscriptions.stream().mapToLong(LiveSubscription::accepted).sum();
    }

    /** Answers whether nothing is left to be cancelled. */
    private static boolean requestCancel(List<LiveSubscription> subscriptions) {
        boolean idle = true;
        for (LiveSubscription subscription : subscriptions) {
            idle &= subscription.requestCancel();
        }
        return idle;
    }

    private static void report(List<LiveSubscription> subscriptions, boolean drained) {
        boolean left = false;
        for (LiveSubscription subscription : subscriptions) {
            var figures = subscription.reader().figures();
            if (figures.queued() + figures.parked() + figures.active() + figures.abandoned() > 0) {
                left = true;
                log.warn(
                        "Subscription '{}' stopped with {} copies queued, {} parked, {} active, and {} abandoned handlers",
                        subscription.id(),
                        figures.queued(),
                        figures.parked(),
                        figures.active(),
                        figures.abandoned());
            }
        }
        String whatIsLeft = left ? "what is left could not be attempted before the drain's end" : "nothing is left";
        log.info("PubSub stopped; {}", drained ? whatIsLeft : "the drain ran out of time");
    }

    /**
     * A stop happens once in a while: looking each millisecond is simpler than to be told, and as quick. An interrupt
     * does not shorten it, and stays set.
     */
    private boolean await(LongSupplier end, BooleanSupplier condition) {
        boolean interrupted = false;
        try {
            while (!condition.getAsBoolean()) {
                if (now() >= end.getAsLong()) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
                interrupted |= Thread.interrupted(); // else the next park would not wait
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void locked(ReentrantLock lock, Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** One after another; what a handler may not wait for is left to who is at it, or, if not final, to fate. */
    private void exclusively(boolean isFinal, Runnable action) {
        if (Slot.ofHandlerThread(time) == null) {
            stopping.lock();
        } else if (!stopping.tryLock()) {
            log.info("A handler asked for a start, stop or close while another is under way; it is left to that");
            if (isFinal) {
                leftToDo.set(action);
                doWhatIsLeft();
            }
            return;
        }
        try {
            action.run();
        } finally {
            stopping.unlock();
            doWhatIsLeft();
        }
    }

    private void doWhatIsLeft() {
        while (leftToDo.get() != null && stopping.tryLock()) {
            try {
                Runnable action = leftToDo.getAndSet(null);
                if (action != null) {
                    action.run();
                }
            } finally {
                stopping.unlock();
            }
        }
    }
}

package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SafeText;
import dev.pubsub.spi.SubscriptionListener;
import dev.pubsub.spi.SubscriptionListener.DeadLettered;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an engine's listeners, on one thread of its pool at a time. Safe for use by any thread; called outside of every
 * lock.
 *
 * <p>Concurrency: a notice is added to {@code waiting} before {@code phase} is set to AGAIN; whoever finds it IDLE
 * starts a thread, which sets it to WORKING before it looks at {@code waiting}, and ends only if nobody has set it
 * since. What waits is bounded: the {@link StateChanges} of a subscription are in there once, dead letters
 * {@value #MAX_DEAD_LETTERS} times.
 */
final class Notices {

    static final int MAX_DEAD_LETTERS = 1_024;

    private enum Phase {
        IDLE,
        WORKING,
        AGAIN
    }

    private static final Logger log = LoggerFactory.getLogger(Notices.class);

    private final List<SubscriptionListener> listeners;
    private final Executor pool;
    private final EngineTime time;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
    private final AtomicInteger deadLettersWaiting = new AtomicInteger();
    private final AtomicLong deadLettersNotTold = new AtomicLong();

    private Notices(List<SubscriptionListener> listeners, Executor pool, EngineTime time) {
        this.listeners = listeners;
        this.pool = pool;
        this.time = time;
    }

    /** Null where nobody listens, so that nothing is noted. */
    static @Nullable Notices of(List<SubscriptionListener> listeners, Executor pool, EngineTime time) {
        return listeners.isEmpty() ? null : new Notices(List.copyOf(listeners), pool, time);
    }

    /** Of a new subscription. */
    StateChanges changesOf(String subscriptionId) {
        return new StateChanges(subscriptionId, this, time);
    }

    void stateChanged(StateChanges changes) {
        add(changes::tellAll);
    }

    void deadLettered(DeadLetter letter) {
        if (deadLettersWaiting.incrementAndGet() > MAX_DEAD_LETTERS) {
            deadLettersWaiting.decrementAndGet();
            deadLettersNotTold.incrementAndGet();
            startUnlessAtWork(); // perhaps the last that waited was told a moment ago
            return;
        }
        DeadLettered told = new DeadLettered(
                letter.id(),
                letter.subscriptionId(),
                letter.message().id(),
                letter.message().topic(),
                letter.reason(),
                letter.attempts(),
                letter.exceptionType(),
                letter.fingerprint(),
                letter.replays(),
                letter.failedAt());
        add(() -> {
            deadLettersWaiting.decrementAndGet();
            tell(listener -> listener.deadLettered(told));
        });
    }

    private void add(Runnable notice) {
        waiting.add(notice);
        startUnlessAtWork();
    }

    private void startUnlessAtWork() {
        if (phase.getAndSet(Phase.AGAIN) != Phase.IDLE) {
            return;
        }
        try {
            pool.execute(this::work);
        } catch (
                Throwable refused) { // the engine is closed, or no native thread to be had: the next notice tries again
            phase.set(Phase.IDLE);
        }
    }

    private void work() {
        do {
            phase.set(Phase.WORKING);
            for (Runnable notice = waiting.poll(); notice != null; notice = waiting.poll()) {
                run(notice);
            }
            tellHowManyWereNot();
        } while (!phase.compareAndSet(Phase.WORKING, Phase.IDLE));
    }

    private static void run(Runnable notice) {
        try {
            notice.run();
        } catch (Throwable thrown) { // no memory even to tell: the next must be told all the same
            log.error("Listeners could not be told: {}", SafeText.of(thrown), SafeText.trace(thrown));
        }
    }

    private void tellHowManyWereNot() {
        long count = deadLettersNotTold.getAndSet(0);
        if (count > 0) {
            log.warn("{} dead letters were not told one by one, since a listener was slower than they came", count);
            tell(listener -> listener.deadLettersNotTold(count));
        }
    }

    /** On the thread of {@link #work} only. */
    void tell(Consumer<SubscriptionListener> notice) {
        for (SubscriptionListener listener : listeners) {
            try {
                notice.accept(listener);
            } catch (Throwable thrown) {
                log.error(
                        "Listener {} failed: {}",
                        listener.getClass().getName(),
                        SafeText.of(thrown),
                        SafeText.trace(thrown));
            }
        }
    }
}

package dev.pubsub.deadletter;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetters.Replay;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.QueueFullException;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.MessageTracer;
import dev.pubsub.spi.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Replays of many, in the background: each a list of ids and a timer, no thread. All state is guarded by this object,
 * which is never held while {@link DeadLetterService} is called.
 */
final class BulkReplays {

    private static final int REMEMBERED = 32;
    private static final int MAX_RUNNING = 8;
    private static final int AT_ONCE = 64;
    private static final int MOST_BLOCKED = 1_000;
    private static final long CATCH_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final DeadLetterService service;
    private final EngineTime time;
    private final Scheduler scheduler;
    private final @Nullable MessageTracer tracer;
    private final Deque<Run> runs = new ArrayDeque<>();
    private int lastId;
    private boolean closed;

    BulkReplays(DeadLetterService service, EngineTime time, Scheduler scheduler, @Nullable MessageTracer tracer) {
        this.service = service;
        this.time = time;
        this.scheduler = scheduler;
        this.tracer = tracer;
    }

    Replay start(List<DeadLetter> letters, double rate) {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("rate is " + rate + "; it must be above 0 messages a second");
        }
        Run run;
        synchronized (this) {
            if (closed) {
                throw new PubSubClosedException("The engine is closed; nothing can be replayed");
            }
            if (runs.stream().filter(Run::isRunning).count() >= MAX_RUNNING) {
                throw new IllegalStateException(MAX_RUNNING + " replays are running; wait for one, or stop one");
            }
            run = new Run("replay-" + ++lastId, letters, rate);
            runs.addFirst(run);
            while (runs.size() > REMEMBERED) {
                runs.removeLast();
            }
        }
        scheduler.schedule(run.step, 0);
        return run;
    }

    synchronized List<Replay> latest() {
        return List.copyOf(runs);
    }

    void close() {
        List<Run> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(runs);
        }
        all.forEach(Run::stop);
    }

    /** What is kept of a letter: the letter itself may be discarded or evicted meanwhile. */
    private record Waiting(String id, String subscriptionId) {

        static Waiting of(DeadLetter letter) {
            return new Waiting(letter.id(), letter.subscriptionId());
        }
    }

    /**
     * One replay of many. Its fields are guarded by itself; only {@link #step} advances it, one step after another
     * ({@code full} is its alone).
     */
    private final class Run implements Replay {

        private final String id;
        private final double rate;
        private final int matched;
        private final Deque<Waiting> waiting;
        private final Set<String> full = new HashSet<>(); // subscriptions without room, in the present step
        private long nextNanos = time.nanos();
        private int replayed;
        private int refused;
        private State state = State.RUNNING;
        private Runnable step; // as whoever called for this replay, until it ends

        private Run(String id, List<DeadLetter> letters, double rate) {
            this.id = id;
            this.rate = rate;
            this.matched = letters.size();
            this.step = tracer == null ? this::step : tracer.carry(this::step);
            this.waiting = letters.stream().map(Waiting::of).collect(Collectors.toCollection(ArrayDeque::new));
        }

        private void step() {
            Deque<Waiting> later = new ArrayDeque<>();
            int done = 0;
            full.clear();
            Waiting next = poll();
            while (next != null) {
                if (full.contains(next.subscriptionId()) || !offer(next.id())) {
                    later.addLast(next); // others may go: they may have room, or be of another key
                } else {
                    done++;
                }
                next = done < AT_ONCE && later.size() < MOST_BLOCKED && nanosUntilNext() <= 0 ? poll() : null;
            }
            boolean blocked = !later.isEmpty();
            synchronized (this) {
                later.descendingIterator().forEachRemaining(waiting::addFirst);
                if (waiting.isEmpty() && state == State.RUNNING) {
                    state = State.DONE;
                }
                if (state != State.RUNNING) {
                    waiting.clear(); // it is remembered for its figures only
                    step = () -> {};
                    return;
                }
            }
            // without room, or behind an older letter of its key: a moment later things may have changed
            scheduler.schedule(step, Math.max(blocked ? AGAIN_NANOS : 0, nanosUntilNext()));
        }

        /** Answers false where it must be tried again. */
        private boolean offer(String letter) {
            try {
                if (service.replay(letter)) {
                    count(true);
                }
                return true;
            } catch (QueueFullException noRoom) {
                full.add(noRoom.subscriptionId());
                return false;
            } catch (SequenceBlockedException behind) {
                return false;
            } catch (PubSubClosedException stopped) {
                stop();
                return false;
            } catch (RuntimeException refusal) {
                count(false);
                return true;
            }
        }

        private synchronized void count(boolean accepted) {
            if (accepted) {
                replayed++;
            } else {
                refused++;
            }
            // a late timer is made up for, a long wait for room is not: it would end in a burst
            nextNanos = Math.max(nextNanos, time.nanos() - CATCH_UP_NANOS) + (long) (1e9 / rate);
        }

        private synchronized @Nullable Waiting poll() {
            return state == State.RUNNING ? waiting.poll() : null;
        }

        private synchronized long nanosUntilNext() {
            return nextNanos - time.nanos();
        }

        synchronized boolean isRunning() {
            return state == State.RUNNING;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public synchronized State state() {
            return state;
        }

        @Override
        public int matched() {
            return matched;
        }

        @Override
        public synchronized int replayed() {
            return replayed;
        }

        @Override
        public synchronized int refused() {
            return refused;
        }

        @Override
        public synchronized void stop() {
            if (state == State.RUNNING) {
                state = State.STOPPED;
            }
        }
    }
}

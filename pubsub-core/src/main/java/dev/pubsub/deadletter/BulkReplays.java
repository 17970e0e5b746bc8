package dev.pubsub.deadletter;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetters.Replay;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.QueueFullException;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Replays of many, in the background: each a list of ids and a timer, no thread. All state is guarded by this object,
 * which is never held while {@link DeadLetterService} is called.
 */
final class BulkReplays {

    private static final int REMEMBERED = 32;
    private static final int MAX_RUNNING = 8;
    private static final int AT_ONCE = 64;
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final DeadLetterService service;
    private final EngineTime time;
    private final Scheduler scheduler;
    private final Deque<Run> runs = new ArrayDeque<>();
    private int lastId;
    private boolean closed;

    BulkReplays(DeadLetterService service, EngineTime time, Scheduler scheduler) {
        this.service = service;
        this.time = time;
        this.scheduler = scheduler;
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
            run = new Run(
                    "replay-" + ++lastId, letters.stream().map(DeadLetter::id).toList(), rate);
            runs.addFirst(run);
            while (runs.size() > REMEMBERED) {
                runs.removeLast();
            }
        }
        scheduler.schedule(run::step, 0);
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

    /** One replay of many. Its fields are guarded by itself; only {@link #step} advances it, one step after another. */
    private final class Run implements Replay {

        private final String id;
        private final double rate;
        private final int matched;
        private final Deque<String> waiting;
        private final long startNanos = time.nanos();
        private int replayed;
        private int refused;
        private State state = State.RUNNING;

        private Run(String id, List<String> letters, double rate) {
            this.id = id;
            this.rate = rate;
            this.matched = letters.size();
            this.waiting = new ArrayDeque<>(letters);
        }

        private void step() {
            Deque<String> later = new ArrayDeque<>();
            int offered = 0;
            boolean goOn = true;
            while (goOn && offered < AT_ONCE && nanosUntilNext() <= 0) {
                String next = poll();
                goOn = next != null && offer(next, later);
                offered++;
            }
            boolean blocked = !later.isEmpty();
            synchronized (this) {
                later.descendingIterator().forEachRemaining(waiting::addFirst);
                if (waiting.isEmpty() && state == State.RUNNING) {
                    state = State.DONE;
                }
                if (state != State.RUNNING) {
                    return;
                }
            }
            // without room, or behind an older letter of its key: a moment later things may have changed
            scheduler.schedule(this::step, Math.max(blocked ? AGAIN_NANOS : 0, nanosUntilNext()));
        }

        /** Answers false where trying another one now is of no use. */
        private boolean offer(String letter, Deque<String> later) {
            try {
                boolean accepted = service.replay(letter);
                synchronized (this) {
                    replayed += accepted ? 1 : 0;
                }
                return true;
            } catch (QueueFullException full) {
                later.addLast(letter);
                return false;
            } catch (SequenceBlockedException behind) {
                later.addLast(letter);
                return true; // letters of other keys may go
            } catch (PubSubClosedException stopped) {
                later.addLast(letter);
                stop();
                return false;
            } catch (RuntimeException refusal) {
                synchronized (this) {
                    refused++;
                }
                return true;
            }
        }

        private synchronized @Nullable String poll() {
            return state == State.RUNNING ? waiting.poll() : null;
        }

        private synchronized long nanosUntilNext() {
            if (Double.isInfinite(rate)) {
                return 0;
            }
            double dueSeconds = (replayed + refused) / rate;
            return startNanos + (long) (dueSeconds * 1e9) - time.nanos();
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

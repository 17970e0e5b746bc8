package dev.pubsub.dispatch;

import dev.pubsub.Ordering;
import dev.pubsub.proofs.Lincheck;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * A subscription's backlog against a queue for each key, with three threads.
 *
 * <p>Design: publishers push without a lock; workers take all that is ready, settle or put back, under one. What is
 * taken is compared as one answer, by key: in what order copies of different keys come out is no promise, and no part
 * of the model. Key 0 stands for none.
 */
@Param(name = "key", gen = IntGen.class, conf = "0:2")
@Param(name = "number", gen = IntGen.class, conf = "1:9")
public class BacklogLincheckTest {

    private final Entrance entrance = new Places(Integer.MAX_VALUE, new Ledger());
    private final Backlog backlog = new Backlog(Ordering.KEY, entrance);
    private final ReentrantLock lock = new ReentrantLock();
    private final Copy[] active = new Copy[3];

    @Operation
    public void push(@Param(name = "key") int key, @Param(name = "number") int number) {
        entrance.push(ProvenCopies.copyOf(key, number));
    }

    /** All that may be attempted now, by key. */
    @Operation
    public String takeReady() {
        lock.lock();
        try {
            int[] taken = new int[3];
            for (Copy copy = next(); copy != null; copy = next()) {
                int key = ProvenCopies.keyOf(copy);
                if (key > 0) {
                    active[key] = copy;
                }
                taken[key] = taken[key] * 10 + ProvenCopies.number(copy);
            }
            return taken[0] + ", " + taken[1] + ", " + taken[2];
        } finally {
            lock.unlock();
        }
    }

    /** As a worker has it: arrivals are taken in once nothing is ready. */
    private Copy next() {
        if (!backlog.hasReady()) {
            backlog.takeInArrivals();
        }
        return backlog.poll();
    }

    @Operation
    public boolean settle(@Param(name = "key") int key) {
        lock.lock();
        try {
            Copy copy = active[key];
            active[key] = null;
            if (copy != null) {
                backlog.settled(copy);
            }
            return copy != null;
        } finally {
            lock.unlock();
        }
    }

    @Operation
    public boolean putBack(@Param(name = "key") int key) {
        lock.lock();
        try {
            Copy copy = active[key];
            active[key] = null;
            if (copy != null) {
                backlog.putBack(copy);
            }
            return copy != null;
        } finally {
            lock.unlock();
        }
    }

    @Test
    void everyInterleavingIsASequence() {
        Lincheck.check(getClass(), Sequential.class);
    }

    /** First in, first out for each key, one at a time. */
    public static class Sequential {
        private final List<Deque<Integer>> waiting =
                List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());
        private final Integer[] active = new Integer[3];

        public void push(int key, int number) {
            waiting.get(key).addLast(number);
        }

        public String takeReady() {
            int[] taken = new int[3];
            for (int key = 0; key < 3; key++) {
                while (active[key] == null && !waiting.get(key).isEmpty()) {
                    int number = waiting.get(key).pollFirst();
                    active[key] = key == 0 ? null : number;
                    taken[key] = taken[key] * 10 + number;
                }
            }
            return taken[0] + ", " + taken[1] + ", " + taken[2];
        }

        public boolean settle(int key) {
            boolean settled = active[key] != null;
            active[key] = null;
            return settled;
        }

        public boolean putBack(int key) {
            boolean back = active[key] != null;
            if (back) {
                waiting.get(key).addFirst(active[key]);
            }
            active[key] = null;
            return back;
        }
    }
}

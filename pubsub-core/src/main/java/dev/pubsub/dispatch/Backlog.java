package dev.pubsub.dispatch;

import static dev.pubsub.dispatch.Entrance.INBOX;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.delivery.Attempt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one subscription that wait.
 *
 * <p>Concurrency: publishers push onto the inbox of {@link Entrance} and touch nothing else. Everything here is guarded
 * by the subscription's lock: whoever holds it takes the whole inbox by one exchange, turns it round, and so has the
 * order in which the pushes took effect.
 */
final class Backlog {

    private final Ordering ordering;
    private final Entrance entrance;
    private CopyList ready = CopyList.NONE; // until the first copy
    private @Nullable Copy lastDue; // the last of the ready ones that were parked
    private Lanes lanes = Lanes.NONE; // until the first key
    private Parking parking = Parking.EMPTY; // until the first wait
    private int following;
    private long arrived;

    Backlog(Ordering ordering, Entrance entrance) {
        this.ordering = ordering;
        this.entrance = entrance;
    }

    /** Whether something was pushed that was not taken in yet; any thread. */
    boolean hasArrivals() {
        return entrance.inbox != null;
    }

    /** Takes in what was pushed. */
    void takeInArrivals() {
        if (entrance.inbox == null) {
            return;
        }
        Copy top = (Copy) INBOX.getAndSet(entrance, null);
        if (ordering == Ordering.NONE) {
            arrived += queue().addStack(top);
            return;
        }
        Copy oldest = null;
        while (top != null) {
            Copy below = top.next;
            top.next = oldest;
            oldest = top;
            top = below;
        }
        while (oldest != null) {
            Copy after = oldest.next;
            place(oldest);
            oldest = after;
        }
    }

    private void place(Copy copy) {
        arrived++;
        Object key = orderKey(copy.message());
        if (key == null) {
            queue().addLast(copy);
            return;
        }
        if (lanes == Lanes.NONE) {
            lanes = new Lanes();
        }
        Lane lane = lanes.of(key, copy.keyHash());
        copy.lane(lane);
        if (lane.busy || lane.blocked > 0) {
            follow(lane, copy, false);
        } else {
            lane.busy = true;
            queue().addLast(copy);
        }
    }

    /** What orders this message's copies; null for nothing. */
    @Nullable
    Object orderKey(Message<?> message) {
        return orderKey(ordering, message);
    }

    /** What orders this message's copies under that ordering; null for nothing. */
    static @Nullable Object orderKey(Ordering ordering, Message<?> message) {
        return switch (ordering) {
            case NONE -> null;
            case KEY -> message.key();
            case TOPIC -> message.topic();
        };
    }

    private CopyList queue() {
        if (ready == CopyList.NONE) {
            ready = new CopyList.Padded();
        }
        return ready;
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    private @Nullable Copy pollReady() {
        Copy copy = ready.poll();
        if (copy == lastDue) {
            lastDue = null;
        }
        return copy;
    }

    /** The next copy that may be attempted. */
    @Nullable
    Copy poll() {
        Copy copy = pollReady();
        if (copy != null) {
            copy.mark(Attempt.TAKEN);
        }
        return copy;
    }

    /** The next copies that may be attempted, linked, so many at most, up to one that somebody follows. */
    @Nullable
    Copy pollUnfollowed(int most) {
        return ready.pollUnfollowed(most); // none of them is the last one due, which has details
    }

    /**
     * Any copy at all, for those that are settled without an attempt.
     *
     * @param evenBehindBusy also what follows a copy that is active, in no order then; else each key's order is kept
     */
    @Nullable
    Copy pollAny(boolean evenBehindBusy) {
        Copy copy = pollReady();
        if (copy == null) {
            copy = parking.poll();
        }
        if (copy == null) {
            copy = pollFollower(evenBehindBusy);
        }
        if (copy != null) {
            copy.mark(Attempt.TAKEN);
        }
        return copy;
    }

    private @Nullable Copy pollFollower(boolean evenBehindBusy) {
        Lane lane = following == 0 ? null : followedLane(evenBehindBusy);
        if (lane == null) {
            return null;
        }
        Copy copy = lane.pollFollower();
        following--;
        if (copy != null && lane.busy) {
            copy.lane(null); // its lane goes on without it
        }
        lane.busy = true;
        return copy;
    }

    private @Nullable Lane followedLane(boolean evenBehindBusy) {
        // nothing is ready or parked: the lanes left are those of active and abandoned handlers, and they are few
        return lanes.any(lane -> lane.isFollowed() && (evenBehindBusy || !lane.busy));
    }

    /** Whether {@link #pollAny} would find one, in order. */
    boolean hasAny() {
        return hasReady() || parked() > 0 || (following > 0 && followedLane(false) != null);
    }

    /** The copy is settled: the next of its key may go. */
    void settled(Copy copy) {
        Lane lane = copy.lane();
        if (lane != null) {
            lane.busy = false;
            advance(lane);
        }
    }

    /** The copy is settled or goes on, but its handler runs on: its key is blocked. */
    void blockLane(Copy abandoned) {
        if (abandoned.lane() != null) {
            abandoned.lane().blocked++;
        }
    }

    /** An abandoned handler has returned. */
    void unblockLane(Copy abandoned) {
        Lane lane = abandoned.lane();
        if (lane != null) {
            lane.blocked--;
            if (!lane.busy) {
                advance(lane);
            }
        }
    }

    private void advance(Lane lane) {
        if (lane.blocked > 0) {
            return;
        }
        Copy next = lane.pollFollower();
        if (next == null) {
            lanes.remove(lane);
            return;
        }
        following--;
        lane.busy = true;
        next.mark(Attempt.READY);
        queue().addLast(next);
    }

    /** Back to the head: of its lane if that is blocked, else of the queue. */
    void putBack(Copy copy) {
        Lane lane = copy.lane();
        if (lane != null && lane.blocked > 0) {
            lane.busy = false;
            follow(lane, copy, true);
        } else {
            copy.mark(Attempt.READY);
            queue().addFirst(copy);
        }
    }

    /** Copies without order that were not begun, linked by {@code next}, back to the head of the queue as they are. */
    void putBackAll(Copy first) {
        Copy behind = first.next;
        if (behind != null) {
            putBackAll(behind);
        }
        putBack(first);
    }

    /** Behind all that is ready; still the head of its lane. */
    void putBehind(Copy copy) {
        copy.mark(Attempt.READY);
        queue().addLast(copy);
    }

    private void follow(Lane lane, Copy copy, boolean asFirst) {
        copy.mark(Attempt.FOLLOWING);
        following++;
        if (asFirst) {
            lane.followers().addFirst(copy);
        } else {
            lane.followers().addLast(copy);
        }
    }

    /** Parks a copy, still the head of its lane; answers whether it is now the first one due. */
    boolean park(Copy copy, long dueNanos) {
        copy.mark(Attempt.PARKED);
        copy.details().dueNanos = dueNanos;
        if (parking == Parking.EMPTY) {
            parking = new Parking();
        }
        parking.add(copy);
        return parking.first() == copy;
    }

    /** Puts what is due before all that was never attempted, and behind what was due before it. */
    void unparkDue(long nowNanos) {
        for (Copy first = parking.first(); first != null && due(first) <= nowNanos; first = parking.first()) {
            parking.remove(first);
            Lane lane = first.lane();
            if (lane != null && lane.blocked > 0) {
                putBack(first);
                continue;
            }
            first.mark(Attempt.READY);
            if (lastDue == null) {
                queue().addFirst(first);
            } else {
                queue().addBehind(lastDue, first);
            }
            lastDue = first;
        }
    }

    /** When the first parked copy is due; {@link Long#MAX_VALUE} without one. */
    long nextDueNanos() {
        Copy first = parking.first();
        return first == null ? Long.MAX_VALUE : due(first);
    }

    private static long due(Copy copy) {
        return copy.details().dueNanos;
    }

    /** Takes a waiting copy out, wherever it is; false if it does not wait. The caller calls {@link #settled}. */
    boolean remove(Copy copy) {
        long mark = copy.word();
        if (mark == Attempt.READY) {
            if (copy == lastDue) {
                lastDue = copy.details().previous; // whoever is before it was due before it, or there is nobody
            }
            ready.remove(copy);
        } else if (mark == Attempt.PARKED) {
            parking.remove(copy);
        } else if (mark == Attempt.FOLLOWING && copy.lane() != null) {
            copy.lane().followers().remove(copy);
            copy.lane(null); // its lane goes on without it
            following--;
        } else {
            return false;
        }
        copy.mark(Attempt.ENDED);
        return true;
    }

    int queued() {
        return ready() + following;
    }

    /** Copies that follow no other of their key. */
    int ready() {
        return ready.size();
    }

    int parked() {
        return parking.size();
    }

    /** A copy was settled without ever waiting. */
    void passedBy() {
        arrived++;
    }

    /** A copy that was taken in is forgotten, as if it had never come. */
    void forgotten() {
        arrived--;
    }

    /** Copies ever taken in or passed by. */
    long arrived() {
        return arrived;
    }

    /** Key lanes now; none in a subscription that is quiet. */
    int lanes() {
        return lanes.size();
    }

    void forEach(Consumer<Copy> action) {
        forEachHead(action);
        if (following > 0) {
            lanes.forEach(lane -> lane.forEachFollower(action));
        }
    }

    /** The oldest is one of these, since of those that follow in a lane the first is the oldest. */
    void forEachThatMayBeOldest(Consumer<Copy> action) {
        forEachHead(action);
        if (following > 0) {
            lanes.forEach(lane -> lane.forFirstFollower(action));
        }
    }

    private void forEachHead(Consumer<Copy> action) {
        ready.forEach(action);
        parking.forEach(action);
    }
}

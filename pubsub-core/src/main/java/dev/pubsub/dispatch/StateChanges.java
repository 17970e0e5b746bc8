package dev.pubsub.dispatch;

import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.SubscriptionListener;
import dev.pubsub.spi.SubscriptionListener.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What of a subscription's state its listeners were not told yet: for each cause how often it has changed, which is odd
 * while it holds, and how often that was told. So a storm of changes takes no room, and what is told last is what is.
 *
 * <p>Guarded by this object, inside the subscription's lock or without it; {@code untold} saves most callers of
 * {@link #tell} that.
 */
final class StateChanges {

    private static final Cause[] CAUSES = Cause.values();

    private final String subscriptionId;
    private final Notices notices;
    private final EngineTime time;
    private final int[] changes = new int[CAUSES.length];
    private final int[] told = new int[CAUSES.length];
    private final Change[] began = new Change[CAUSES.length];
    private final Change[] ended = new Change[CAUSES.length];
    private long number;
    private boolean waiting;
    private volatile boolean untold;

    private record Change(Cause cause, boolean holds, long number, long atMillis) {}

    StateChanges(String subscriptionId, Notices notices, EngineTime time) {
        this.subscriptionId = subscriptionId;
        this.notices = notices;
        this.time = time;
    }

    /** This cause holds from now, or does not; called under the subscription's lock, also where nothing changes. */
    synchronized void note(Cause cause, boolean holds) {
        int i = cause.ordinal();
        if (isOdd(changes[i]) == holds) {
            return;
        }
        changes[i]++;
        (holds ? began : ended)[i] = new Change(cause, holds, ++number, time.millis());
        untold = true;
    }

    /** Sees to it that listeners are told what has changed; outside of every lock. */
    void tell() {
        if (!untold) {
            return;
        }
        synchronized (this) {
            untold = false;
            if (waiting) {
                return;
            }
            waiting = true;
        }
        notices.stateChanged(this);
    }

    /** Tells it; on the thread that tells. */
    void tellAll() {
        for (Change change : take()) {
            Instant at = Instant.ofEpochMilli(change.atMillis());
            notices.tell(listener -> tell(listener, change, at));
        }
    }

    private void tell(SubscriptionListener listener, Change change, Instant at) {
        if (!change.holds()) {
            listener.resumed(subscriptionId, change.cause(), at);
        } else if (change.cause() == Cause.QUARANTINE) {
            listener.quarantined(subscriptionId, at);
        } else {
            listener.paused(subscriptionId, change.cause(), at);
        }
    }

    private synchronized List<Change> take() {
        waiting = false;
        List<Change> taken = new ArrayList<>(2);
        for (Cause cause : CAUSES) {
            int i = cause.ordinal();
            int more = changes[i] - told[i];
            told[i] = changes[i];
            if (more != 0) {
                boolean holds = isOdd(changes[i]);
                if (!isOdd(more)) { // it holds as it did when they were told, but has changed meanwhile
                    taken.add((holds ? ended : began)[i]);
                }
                taken.add((holds ? began : ended)[i]);
            }
        }
        taken.sort(Comparator.comparingLong(Change::number));
        return taken;
    }

    private static boolean isOdd(int count) {
        return (count & 1) == 1;
    }
}

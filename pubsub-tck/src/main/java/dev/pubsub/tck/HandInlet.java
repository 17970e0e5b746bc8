package dev.pubsub.tck;

import dev.pubsub.Outcome;
import dev.pubsub.spi.InboundDelivery;
import dev.pubsub.spi.Inlet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An inlet that is moved by the test's hand: what it takes it keeps, as if every handler were at work, until the test
 * settles it or lets it be forgotten, or the transport asks for its end. Safe for use by any thread.
 */
final class HandInlet implements Inlet {

    private final List<InboundDelivery> taken = new ArrayList<>();
    private int credit;
    private int refuses;
    private @Nullable String filtered;
    private @Nullable Runnable wake;
    private int offers;
    private final AtomicInteger cancelled = new AtomicInteger();
    private final Set<InboundDelivery> ended = ConcurrentHashMap.newKeySet();

    HandInlet(int credit) {
        this.credit = credit;
    }

    /** Has no credit for the next so many offers, although it has said so, as when somebody else was faster. */
    synchronized HandInlet refuseNext(int count) {
        refuses = count;
        return this;
    }

    /** Has a condition that this text does not fulfil. */
    synchronized HandInlet filter(String text) {
        filtered = text;
        return this;
    }

    /** Gives so much more credit, and tells. */
    void grant(int more) {
        Runnable action;
        synchronized (this) {
            credit += more;
            action = wake;
        }
        if (action != null) {
            action.run();
        }
    }

    @Override
    public synchronized int credit() {
        return credit;
    }

    @Override
    public synchronized Taken offer(InboundDelivery delivery) {
        offers++;
        if (delivery.message().payload().text().equals(filtered)) {
            return Taken.FILTERED;
        }
        if (refuses > 0) {
            refuses--;
            return Taken.NO_CREDIT;
        }
        if (credit == 0) {
            return Taken.NO_CREDIT;
        }
        credit--;
        taken.add(delivery);
        return Taken.TAKEN;
    }

    @Override
    public synchronized void onCredit(Runnable action) {
        wake = action;
    }

    @Override
    public int withdraw(Predicate<InboundDelivery> which) {
        return 0; // nothing waits here
    }

    @Override
    public void cancel(Predicate<InboundDelivery> which) {
        for (int i = 0; i < taken().size(); i++) {
            if (which.test(taken(i)) && forget(i)) { // handlers that listen
                cancelled.incrementAndGet();
            }
        }
    }

    /** How many attempts were asked to end that ran still. */
    int cancelled() {
        return cancelled.get();
    }

    /** Its handler has ended without a result; false if it had ended before. */
    boolean forget(int index) {
        InboundDelivery delivery = taken(index);
        boolean first = ended.add(delivery);
        if (first) {
            delivery.forgotten();
        }
        return first;
    }

    /** What was taken so far, in order. */
    synchronized List<InboundDelivery> taken() {
        return List.copyOf(taken);
    }

    /** How often something was offered. */
    synchronized int offers() {
        return offers;
    }

    InboundDelivery taken(int index) {
        return taken().get(index);
    }

    boolean settle(int index) {
        ended.add(taken(index));
        return taken(index).settled(Outcome.COMPLETED);
    }

    /** What was taken so far, as text. */
    List<String> texts() {
        return taken().stream()
                .map(delivery -> delivery.message().payload().text())
                .toList();
    }
}

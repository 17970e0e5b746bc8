package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter;
import dev.pubsub.QueueFullException;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.deadletter.ReplayTarget;
import dev.pubsub.dispatch.AttemptCounts.Event;
import dev.pubsub.spi.InboundDelivery;
import dev.pubsub.spi.Receiver;
import dev.pubsub.spi.Transport;

/** A subscription as its users, the engine and the dead letters see it. Safe for use by any thread. */
public final class LiveSubscription implements Subscription, ReplayTarget {

    private final SubscriptionRuntime runtime;
    private final Registry registry;
    private final Receiver receiver;

    /** Where it is found until it is closed. */
    public interface Registry {

        /** Takes it out of the routes; called first when it is closed. Idempotent. */
        void unroute(LiveSubscription subscription);

        /** Takes it out; called last, when nothing of it is left that another one with its id could get hold of. */
        void remove(LiveSubscription subscription);
    }

    /**
     * A subscription that is not routed to yet.
     *
     * @throws RuntimeException what the transport throws, if that cannot serve it
     */
    public LiveSubscription(SubscriptionRuntime runtime, Registry registry, Transport transport) {
        this.runtime = runtime;
        this.registry = registry;
        this.receiver =
                GuardedReceiver.of(transport.receiver(runtime.spec(), new TransportInlet(runtime)), () -> control()
                        .isToReceive());
    }

    /** The publisher's side. */
    public Intake intake() {
        return runtime.intake;
    }

    /** Its figures. */
    public SubscriptionReader reader() {
        return new SubscriptionReader(runtime);
    }

    private SubscriptionControl control() {
        return new SubscriptionControl(runtime);
    }

    /** Copies accepted so far. */
    public long accepted() {
        return runtime.intake.accepted();
    }

    @Override
    public String id() {
        return runtime.id();
    }

    @Override
    public SubscriptionSpec<?> spec() {
        return runtime.spec();
    }

    @Override
    public State state() {
        return reader().state();
    }

    @Override
    public void pause() {
        control().pause();
    }

    @Override
    public void resume() {
        control().resume();
        receiver.start();
    }

    @Override
    public void close() {
        registry.unroute(this);
        quiesce();
        control().close(true, this::end);
    }

    private void end() {
        try {
            stopReceiving();
        } finally {
            registry.remove(this);
        }
    }

    /** Whether it has a receiver, be it stopped. */
    public boolean isReceiving() {
        return receiver != Receiver.NONE;
    }

    /** What was settled is acknowledged, what waits is left to other receivers. */
    public void stopReceiving() {
        receiver.stop();
        new TransportInlet(runtime).withdraw(InboundDelivery::isRevoked);
    }

    /** Closes it with its engine: active attempts were cancelled before. Answers how many copies were discarded. */
    public int closeWithEngine() {
        registry.unroute(this);
        quiesce();
        return control().close(false, this::end);
    }

    /** The engine starts. */
    public void start() {
        control().start();
        receiver.start();
    }

    /** The engine drains: nothing more comes in by its transport. */
    public void quiesce() {
        receiver.quiesce();
    }

    /** See {@link SubscriptionControl#isDrained}. */
    public boolean isDrained(long drainEndNanos) {
        return control().isDrained(drainEndNanos);
    }

    /** The drain is over: no attempt begins. */
    public void halt() {
        control().halt();
    }

    /** Asks active handlers to end; answers whether none is left. */
    public boolean requestCancel() {
        return control().requestCancel();
    }

    /** Ends attempts that did not end when asked. */
    public void cancelNow() {
        control().cancelNow();
    }

    // ---- as the target of replays

    @Override
    public void accept(DeadLetter letter) {
        State state = state();
        if (state == State.STOPPED || state == State.QUARANTINED) {
            throw new IllegalStateException("Dead letter " + letter.id() + " cannot be replayed: subscription '" + id()
                    + "' is " + state + "; resume it first");
        }
        if (!runtime.intake.acceptReplay(letter)) {
            control().requireOpen();
            throw new QueueFullException(
                    id(),
                    "Dead letter " + letter.id() + " cannot be replayed: subscription '" + id()
                            + "' has no room; all of its " + runtime.intake.places() + " places are taken");
        }
    }

    @Override
    public void accepted(DeadLetter letter) {
        runtime.counts.acceptedAgain(letter.message(), id());
    }

    @Override
    public void countReplayed(int count) {
        runtime.counts.count(Event.REPLAYED, count);
    }

    @Override
    public void countDiscarded(int count) {
        runtime.counts.count(Event.DISCARDED, count);
    }

    @Override
    public void countEvicted(int count) {
        runtime.counts.count(Event.EVICTED, count);
    }
}

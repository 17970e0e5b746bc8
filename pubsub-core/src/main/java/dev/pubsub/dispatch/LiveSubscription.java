package dev.pubsub.dispatch;

import dev.pubsub.DeadLetter;
import dev.pubsub.QueueFullException;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.deadletter.ReplayTarget;
import java.util.function.Consumer;

/** A subscription as its users, the engine and the dead letters see it. Safe for use by any thread. */
public final class LiveSubscription implements Subscription, ReplayTarget {

    private final SubscriptionRuntime runtime;
    private final Intake intake;
    private final SubscriptionControl control;
    private final SubscriptionReader reader;
    private final Consumer<LiveSubscription> unroute;
    private final Consumer<LiveSubscription> remove;

    /**
     * A subscription that is not routed to yet.
     *
     * @param unroute takes it out of the routes; called first when it is closed, idempotent
     * @param remove takes it out of the registry; called last, when nothing of it is left that another one with its id
     *     could get hold of
     */
    public LiveSubscription(
            SubscriptionRuntime runtime, Consumer<LiveSubscription> unroute, Consumer<LiveSubscription> remove) {
        this.runtime = runtime;
        this.intake = new Intake(runtime);
        this.control = new SubscriptionControl(runtime);
        this.reader = new SubscriptionReader(runtime);
        this.unroute = unroute;
        this.remove = remove;
    }

    /** The publisher's side. */
    public Intake intake() {
        return intake;
    }

    /** Its figures. */
    public SubscriptionReader reader() {
        return reader;
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
        return runtime.currentState();
    }

    @Override
    public void pause() {
        control.pause();
    }

    @Override
    public void resume() {
        control.resume();
    }

    @Override
    public void close() {
        unroute.accept(this);
        control.close(true, () -> remove.accept(this));
    }

    /** Closes it with its engine: active attempts were cancelled before. Answers how many copies were discarded. */
    public int closeWithEngine() {
        unroute.accept(this);
        return control.close(false, () -> remove.accept(this));
    }

    /** The engine starts. */
    public void start() {
        control.start();
    }

    /** See {@link SubscriptionControl#isDrained}. */
    public boolean isDrained(long drainEndNanos) {
        return control.isDrained(drainEndNanos);
    }

    /** The drain is over: no attempt begins. */
    public void halt() {
        control.halt();
    }

    /** Asks active handlers to end; answers whether none is left. */
    public boolean requestCancel() {
        return control.requestCancel();
    }

    /** Ends attempts that did not end when asked. */
    public void cancelNow() {
        control.cancelNow();
    }

    // ---- as the target of replays

    @Override
    public void accept(DeadLetter letter) {
        State state = state();
        if (state == State.STOPPED || state == State.QUARANTINED) {
            throw new IllegalStateException("Dead letter " + letter.id() + " cannot be replayed: subscription '" + id()
                    + "' is " + state + "; resume it first");
        }
        if (!intake.acceptReplay(letter)) {
            control.requireOpen();
            throw new QueueFullException(
                    id(),
                    "Dead letter " + letter.id() + " cannot be replayed: subscription '" + id()
                            + "' has no room; all of its " + intake.places() + " places are taken");
        }
    }

    @Override
    public void countReplayed(int count) {
        reader.countReplayed(count);
    }

    @Override
    public void countDiscarded(int count) {
        reader.countDiscarded(count);
    }

    @Override
    public void countEvicted(int count) {
        reader.countEvicted(count);
    }
}

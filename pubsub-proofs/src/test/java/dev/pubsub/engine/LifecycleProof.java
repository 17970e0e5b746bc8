package dev.pubsub.engine;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.codec.PayloadConverter;
import dev.pubsub.dispatch.LiveSubscription;
import dev.pubsub.dispatch.ProvenSubscription;
import dev.pubsub.publish.MessageLimits;
import dev.pubsub.publish.PublishPipeline;
import dev.pubsub.publish.PublishSettings;
import dev.pubsub.publish.Router;
import dev.pubsub.spi.NoMetrics;
import dev.pubsub.transport.memory.MemoryTransport;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJJ_Result;
import org.openjdk.jcstress.infra.results.ZJJ_Result;

/**
 * A publish and the engine's phase: what was accepted is seen by the close, and nothing is accepted after it.
 *
 * <p>Design: the real way of a publish (acceptance, route, places, inbox) and the real lifecycle, with one
 * subscription. A publish may read the phase, and be overtaken by the whole close before it reserves; so what decides
 * is the subscription's own word, and the arbiter compares what publishers were told with what the subscription has
 * settled.
 */
public final class LifecycleProof {

    private static final Message<?> MESSAGE = Message.of("t", "payload");

    private LifecycleProof() {}

    /** An engine's publishing side and lifecycle. */
    public static class SmallEngine {
        final Router router = new Router(NoMetrics.INSTANCE);
        final Lifecycle lifecycle = new Lifecycle(router, ProvenSubscription.TIME, Runnable::run);
        final LiveSubscription subscription = ProvenSubscription.live(
                ProvenSubscription.spec("s", Ordering.NONE, 9), router::unroute, router::remove);
        private final PublishPipeline publishing = new PublishPipeline(
                new PublishSettings(2, false, 1, 1),
                new MessageLimits(1_000, 1, 1_000),
                router,
                new MemoryTransport().sender(),
                PayloadConverter.none(),
                lifecycle,
                ProvenSubscription.TIME,
                NoMetrics.INSTANCE,
                null,
                null,
                null,
                Runnable::run);

        SmallEngine() {
            lifecycle.add("s", () -> subscription, added -> {});
        }

        /** Copies accepted; -1 where the publish was refused. */
        final int publish() {
            try {
                return publishing.publish(MESSAGE).subscriptions();
            } catch (PubSubClosedException refused) {
                return -1;
            }
        }

        final void close() {
            lifecycle.close(Duration.ZERO, () -> {});
        }

        final long accepted() {
            return subscription.accepted();
        }

        final long settled() {
            var figures = subscription.reader().figures();
            return figures.discarded() + figures.completed();
        }
    }

    /** A publish before the start, and a close. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "accepted, and discarded by the close")
    @Outcome(id = "-1, 0, 0", expect = ACCEPTABLE, desc = "refused, and nothing has happened")
    @Outcome(expect = FORBIDDEN, desc = "accepted behind the back of the close, or refused and taken, or taken by none")
    public static class PublishAgainstClose extends SmallEngine {

        @Actor
        public void publisher(IJJ_Result r) {
            r.r1 = publish();
        }

        @Actor
        public void closer() {
            close();
        }

        @Arbiter
        public void count(IJJ_Result r) {
            r.r2 = accepted();
            r.r3 = settled();
        }
    }

    /** Two closes and a publish: whoever returns first, returns after the close. */
    @JCStressTest
    @State
    @Outcome(id = "true, 1, 1", expect = ACCEPTABLE, desc = "accepted, and discarded by the close")
    @Outcome(id = "false, 0, 0", expect = ACCEPTABLE, desc = "refused: it came after a close had returned")
    @Outcome(expect = FORBIDDEN, desc = "accepted after a close had returned, or not settled by it")
    public static class PublishAfterCloseAgainstClose extends SmallEngine {
        private int late = -1;

        @Actor
        public void one(ZJJ_Result r) {
            r.r1 = publish() == 1;
            close();
            late = publish();
        }

        @Actor
        public void other() {
            close();
        }

        @Arbiter
        public void count(ZJJ_Result r) {
            r.r2 = accepted() + (late == -1 ? 0 : 100);
            r.r3 = settled();
        }
    }

    /** A subscription is added while the engine is closed: refused, or closed with the others. */
    @JCStressTest
    @State
    @Outcome(id = "true, 0, 0", expect = ACCEPTABLE, desc = "added, and closed with the engine")
    @Outcome(id = "false, 0, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(expect = FORBIDDEN, desc = "a subscription lives on in a closed engine")
    public static class SubscribeAgainstClose extends SmallEngine {
        private final LiveSubscription late = ProvenSubscription.live(
                ProvenSubscription.spec("late", Ordering.NONE, 9), router::unroute, router::remove);

        @Actor
        public void subscriber(ZJJ_Result r) {
            try {
                lifecycle.add(late.id(), () -> late, added -> {});
                r.r1 = true;
            } catch (PubSubClosedException closed) {
                r.r1 = false;
            }
        }

        @Actor
        public void closer() {
            close();
        }

        @Arbiter
        public void count(ZJJ_Result r) {
            r.r2 = router.all().size();
            r.r3 = r.r1 && late.intake().reserve() != dev.pubsub.dispatch.Intake.Reservation.NOT_TAKING ? 1 : 0;
        }
    }
}

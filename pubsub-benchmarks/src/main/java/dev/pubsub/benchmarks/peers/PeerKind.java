package dev.pubsub.benchmarks.peers;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/** What there is to compare. */
@SuppressWarnings("ImmutableEnumChecker") // suppliers without state, whose types cannot say so
public enum PeerKind {
    OURS(OneThreadArrivals::new, Ours::withDefaults),
    OURS_BY_4(ManyThreadArrivals::new, Ours::withFourWorkers),
    OURS_KEYED_BY_4(ManyThreadArrivals::new, Ours::keyed),
    SPRING_EVENTS(ManyThreadArrivals::new, SpringEvents::synchronous),
    SPRING_ASYNC(ManyThreadArrivals::new, SpringEvents::async),
    BY_HAND(
            ManyThreadArrivals::new,
            arrivals -> ByHand.synchronous(arrivals, Protection.Limit.NONE, Protection.Effort.FOR_EACH_EVENT)),
    BY_HAND_DECORATED_ONCE(
            ManyThreadArrivals::new,
            arrivals -> ByHand.synchronous(arrivals, Protection.Limit.NONE, Protection.Effort.ONCE)),
    BY_HAND_ASYNC(
            ManyThreadArrivals::new,
            arrivals -> ByHand.async(arrivals, Protection.Limit.NONE, Protection.Effort.FOR_EACH_EVENT)),
    BY_HAND_ASYNC_UNBOUND(
            ManyThreadArrivals::new,
            arrivals -> ByHand.async(arrivals, Protection.Limit.NONE, Protection.Effort.FOR_EACH_EVENT_UNBOUND)),
    BY_HAND_LIMITED(
            ManyThreadArrivals::new,
            arrivals -> ByHand.synchronous(arrivals, Protection.Limit.COMMON_POOL, Protection.Effort.FOR_EACH_EVENT)),
    BY_HAND_LIMITED_ASYNC(
            ManyThreadArrivals::new,
            arrivals -> ByHand.async(arrivals, Protection.Limit.COMMON_POOL, Protection.Effort.FOR_EACH_EVENT)),
    BY_HAND_LIMITED_POOL(
            ManyThreadArrivals::new,
            arrivals -> ByHand.synchronous(arrivals, Protection.Limit.OWN_POOL, Protection.Effort.FOR_EACH_EVENT)),
    BY_HAND_LIMITED_POOL_ASYNC(
            ManyThreadArrivals::new,
            arrivals -> ByHand.async(arrivals, Protection.Limit.OWN_POOL, Protection.Effort.FOR_EACH_EVENT)),
    GUAVA(OneThreadArrivals::new, GuavaBus::new),
    MBASSADOR(OneThreadArrivals::new, MbassadorBus::new),
    VERTX(OneThreadArrivals::new, VertxBus::new),
    REACTOR(OneThreadArrivals::new, ReactorSink::new),
    FLOW(OneThreadArrivals::new, FlowPublisher::new),
    DISRUPTOR(OneThreadArrivals::new, DisruptorRing::new),
    ARRAY_QUEUE(OneThreadArrivals::new, arrivals -> new QueuePeer(new ArrayBlockingQueue<>(1024), arrivals));

    private final Supplier<Arrivals> arrivals;
    private final Function<Arrivals, Peer> opener;

    PeerKind(Supplier<Arrivals> arrivals, Function<Arrivals, Peer> opener) {
        this.arrivals = arrivals;
        this.opener = opener;
    }

    /** What to publish to it, round and round: one for each key where keys are compared, on both sides. */
    public Reading[] readings() {
        return Reading.pool(this == OURS_BY_4 || this == OURS_KEYED_BY_4 ? Ours.KEYS : 1024);
    }

    /** What counts and sums what arrives at its handler, as many threads as there are. */
    public Arrivals newArrivals() {
        return arrivals.get();
    }

    /** Opens it, ready to be published to. */
    public Peer open(Arrivals to) {
        return opener.apply(to);
    }
}

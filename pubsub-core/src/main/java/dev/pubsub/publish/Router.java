package dev.pubsub.publish;

import dev.pubsub.InvalidMessageException;
import dev.pubsub.Names;
import dev.pubsub.dispatch.LiveSubscription;
import dev.pubsub.spi.EngineMetrics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The live subscriptions, and which of them a topic reaches.
 *
 * <p>Concurrency: subscriptions and patterns are guarded by {@code lock}. Every change raises {@code version} before
 * the call that made it returns; a cached route of another version is not used. The cache holds two generations: what
 * is asked for moves to the young one, and when that is full it becomes the old one, so that neither 1 nor 1,000,000
 * topics let it grow beyond twice its size. Publishers read it without a lock.
 */
public final class Router implements LiveSubscription.Registry {

    /** The metrics' tag of topics that no subscription names. */
    public static final String OTHER = "other";

    private static final int GENERATION = 4_096;

    private final EngineMetrics metrics;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, LiveSubscription> subscriptions = new TreeMap<>();
    private final TopicTrie<LiveSubscription> patterns = new TopicTrie<>();
    private volatile long version;
    private volatile Map<String, Route> young = new ConcurrentHashMap<>();
    private volatile Map<String, Route> old = Map.of();

    /** A router without subscriptions. */
    public Router(EngineMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Adds a subscription; what is published after this has returned reaches it.
     *
     * @throws IllegalStateException if there is one with its id
     */
    public void add(LiveSubscription subscription) {
        lock.lock();
        try {
            requireFree(subscription.id());
            subscriptions.put(subscription.id(), subscription);
            for (String pattern : subscription.spec().patterns()) {
                patterns.add(pattern, subscription);
            }
            changed();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses an id that is taken; whether a free one stays free is the caller's matter.
     *
     * @throws IllegalStateException if it is taken
     */
    public void requireFree(String id) {
        if (subscriptions.containsKey(id)) {
            throw new IllegalStateException("There is already a subscription with the id '" + id
                    + "'; give this one an id of its own, or close the other first");
        }
    }

    /** Routes nothing to a subscription any more; it is still there, and its id is taken. Idempotent. */
    @Override
    public void unroute(LiveSubscription subscription) {
        lock.lock();
        try {
            boolean routed = false;
            for (String pattern : subscription.spec().patterns()) {
                if (patterns.remove(pattern, subscription)) {
                    routed = true;
                    if (!patterns.isNamed(pattern)) {
                        metrics.forget(pattern);
                    }
                }
            }
            if (routed) {
                changed();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes a subscription, whose id is free then. Idempotent. */
    @Override
    public void remove(LiveSubscription subscription) {
        unroute(subscription);
        lock.lock();
        try {
            subscriptions.remove(subscription.id(), subscription);
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
    private void changed() {
        version++;
        young = new ConcurrentHashMap<>(); // stale routes would keep closed subscriptions alive
        old = Map.of();
    }

    /** The subscription with that id; it may be about to be closed. */
    public @Nullable LiveSubscription find(String id) {
        lock.lock();
        try {
            return subscriptions.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** All subscriptions, those that are being closed included, by id. */
    public List<LiveSubscription> all() {
        lock.lock();
        try {
            return List.copyOf(subscriptions.values());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Where messages of this topic go.
     *
     * @throws InvalidMessageException if it is not a topic
     */
    Route route(String topic) {
        Route route = young.get(topic);
        return route != null && route.version() == version ? route : find(topic, old.get(topic));
    }

    private Route find(String topic, @Nullable Route cached) {
        if (cached != null && cached.version() == version) {
            remember(topic, cached);
            return cached;
        }
        String problem = Names.topicProblem(topic);
        if (problem != null) {
            throw new InvalidMessageException("The message's topic is not valid: " + problem);
        }
        lock.lock();
        try {
            String tag = patterns.isNamed(topic) ? topic : OTHER;
            Route route = new Route(
                    patterns.match(topic).stream().map(LiveSubscription::intake).toList(),
                    metrics.publish(tag),
                    tag,
                    version);
            remember(topic, route);
            return route;
        } finally {
            lock.unlock();
        }
    }

    /** How many routes are remembered. */
    int cached() {
        return young.size() + old.size();
    }

    private void remember(String topic, Route route) {
        Map<String, Route> generation = young;
        generation.put(topic, route);
        if (route.version() != version) {
            generation.remove(topic, route); // a change came between: a stale route would keep what was closed alive
        }
        if (generation.size() > GENERATION) {
            lock.lock();
            try {
                if (generation == young) {
                    old = generation;
                    young = new ConcurrentHashMap<>();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}

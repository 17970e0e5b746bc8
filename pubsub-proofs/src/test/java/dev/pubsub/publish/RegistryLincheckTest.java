package dev.pubsub.publish;

import dev.pubsub.SubscriptionSpec;
import dev.pubsub.dispatch.Intake;
import dev.pubsub.dispatch.LiveSubscription;
import dev.pubsub.dispatch.ProvenRegistration;
import dev.pubsub.proofs.Lincheck;
import dev.pubsub.spi.NoMetrics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * The registry and its cache of routes against a plain map, with three threads.
 *
 * <p>Design: three subscriptions, two of which have the same id, and two topics. What is added before a publish began
 * is in its route; what was taken out before is not; of two with one id, one is added. {@code remove} is two steps, and
 * is called only for what is not routed any more; so those who change anything do not run in parallel with themselves
 * where it takes part.
 */
@Param(name = "subscription", gen = IntGen.class, conf = "0:2")
@Param(name = "topic", gen = IntGen.class, conf = "0:1")
@Param(name = "id", gen = IntGen.class, conf = "0:1")
public class RegistryLincheckTest {

    private static final List<String> TOPICS = List.of("t.x", "t.y");
    private static final List<String> IDS = List.of("a", "b");
    private static final List<LiveSubscription> SUBSCRIPTIONS =
            List.of(subscription("a", "t.x"), subscription("a", "t.*"), subscription("b", "t.x", "t.y"));

    private final Router router = new Router(NoMetrics.INSTANCE);

    private static LiveSubscription subscription(String id, String... patterns) {
        return ProvenRegistration.live(SubscriptionSpec.builder(id, patterns).build());
    }

    @Operation
    public boolean add(@Param(name = "subscription") int subscription) {
        return added(router, subscription);
    }

    @Operation
    public void unroute(@Param(name = "subscription") int subscription) {
        router.unroute(SUBSCRIPTIONS.get(subscription));
    }

    @Operation
    public String route(@Param(name = "topic") int topic) {
        return routed(router, topic);
    }

    @Operation
    public int find(@Param(name = "id") int id) {
        return found(router, id);
    }

    @Operation
    public int all() {
        return router.all().size();
    }

    private static boolean added(Router router, int subscription) {
        try {
            router.add(SUBSCRIPTIONS.get(subscription));
            return true;
        } catch (IllegalStateException taken) {
            return false;
        }
    }

    private static String routed(Router router, int topic) {
        Set<Integer> found = new TreeSet<>();
        for (Intake intake : router.route(TOPICS.get(topic)).intakes()) {
            for (int i = 0; i < SUBSCRIPTIONS.size(); i++) {
                if (SUBSCRIPTIONS.get(i).intake() == intake) {
                    found.add(i);
                }
            }
        }
        return found.toString();
    }

    private static int found(Router router, int id) {
        LiveSubscription found = router.find(IDS.get(id));
        return found == null ? -1 : SUBSCRIPTIONS.indexOf(found);
    }

    @Test
    void everyInterleavingIsASequence() {
        Lincheck.checkFewer(getClass(), Sequential.class);
    }

    @Test
    void everyInterleavingWithRemovalsIsASequence() {
        Lincheck.checkFewer(WithRemovals.class, Sequential.class);
    }

    /** One thread at a time changes; the others look. */
    @Param(name = "subscription", gen = IntGen.class, conf = "0:2")
    @Param(name = "topic", gen = IntGen.class, conf = "0:1")
    @Param(name = "id", gen = IntGen.class, conf = "0:1")
    public static class WithRemovals {
        private final Router router = new Router(NoMetrics.INSTANCE);
        private final Set<Integer> routed = new TreeSet<>();

        @Operation(nonParallelGroup = "change")
        public boolean add(@Param(name = "subscription") int subscription) {
            boolean added = added(router, subscription);
            if (added) {
                routed.add(subscription);
            }
            return added;
        }

        @Operation(nonParallelGroup = "change")
        public void unroute(@Param(name = "subscription") int subscription) {
            router.unroute(SUBSCRIPTIONS.get(subscription));
            routed.remove(subscription);
        }

        @Operation(nonParallelGroup = "change")
        public void remove(@Param(name = "subscription") int subscription) {
            if (!routed.contains(subscription)) {
                router.remove(SUBSCRIPTIONS.get(subscription));
            }
        }

        @Operation
        public String route(@Param(name = "topic") int topic) {
            return RegistryLincheckTest.routed(router, topic);
        }

        @Operation
        public int find(@Param(name = "id") int id) {
            return found(router, id);
        }
    }

    /** What a registry is. */
    public static class Sequential {
        private static final List<Integer> ID_OF = List.of(0, 0, 1);
        private static final List<Set<Integer>> TOPICS_OF = List.of(Set.of(0), Set.of(0, 1), Set.of(0, 1));

        private final Map<Integer, Integer> byId = new TreeMap<>();
        private final Set<Integer> routed = new TreeSet<>();

        public boolean add(int subscription) {
            boolean added = byId.putIfAbsent(ID_OF.get(subscription), subscription) == null;
            if (added) {
                routed.add(subscription);
            }
            return added;
        }

        public void unroute(int subscription) {
            routed.remove(subscription);
        }

        public void remove(int subscription) {
            if (!routed.contains(subscription)) {
                byId.remove(ID_OF.get(subscription), subscription);
            }
        }

        public String route(int topic) {
            return routed.stream()
                    .filter(subscription -> TOPICS_OF.get(subscription).contains(topic))
                    .collect(Collectors.toCollection(TreeSet::new))
                    .toString();
        }

        public int find(int id) {
            return byId.getOrDefault(id, -1);
        }

        public int all() {
            return byId.size();
        }
    }
}

package dev.pubsub.publish;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.NoMetrics;
import dev.pubsub.testing.Engines;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RouterTest {

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void theCacheOfRoutesIsBoundedHoweverManyTopicsThereAre() {
        Router router = new Router(NoMetrics.INSTANCE);
        int most = 0;
        for (int i = 0; i < 100_000; i++) {
            router.route("topic." + i);
            most = Math.max(most, router.cached());
        }
        assertThat(most).isBetween(4_096, 2 * 4_096 + 2);
    }

    @Test
    void aTopicThatIsUsedAgainAndAgainStaysInTheCache() {
        Router router = new Router(NoMetrics.INSTANCE);
        Route hot = router.route("hot");
        for (int i = 0; i < 100_000; i++) {
            router.route("cold." + i);
            if (i % 1_000 == 0) {
                assertThat(router.route("hot")).isSameAs(hot);
            }
        }
    }

    @Test
    void manyTopicsReachTheirSubscription() {
        PubSub engine = engines.started();
        java.util.concurrent.atomic.LongAdder handled = new java.util.concurrent.atomic.LongAdder();
        engine.subscribe(SubscriptionSpec.builder("s", "many.*").build(), (m, d) -> handled.increment());
        for (int i = 0; i < 100_000; i++) {
            engine.publish("many." + i, i);
        }
        awaitQuiet(engine);
        assertThat(handled.sum()).isEqualTo(100_000);
    }

    @Test
    void cachedRoutesFollowSubscriptionsThatComeAndGo() {
        PubSub engine = engines.started();
        List<String> handled = new CopyOnWriteArrayList<>();
        assertThat(engine.publish("t", 1).subscriptions()).isZero();

        Subscription first =
                engine.subscribe(SubscriptionSpec.builder("first", "*").build(), (m, d) -> handled.add("first"));
        assertThat(engine.publish("t", 2).subscriptions()).isEqualTo(1);
        engine.subscribe(SubscriptionSpec.builder("second", "t").build(), (m, d) -> handled.add("second"));
        assertThat(engine.publish("t", 3).subscriptions()).isEqualTo(2);
        awaitQuiet(engine);
        first.close();
        assertThat(engine.publish("t", 4).subscriptions()).isEqualTo(1);

        awaitQuiet(engine);
        assertThat(handled).containsExactlyInAnyOrder("first", "first", "second", "second");
    }

    @Test
    void aSubscriptionWithSeveralMatchingPatternsGetsOneCopy() {
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("s", "a.b", "a.*", "**").build(), (m, d) -> {});
        assertThat(engine.publish("a.b", 1).subscriptions()).isEqualTo(1);
        awaitQuiet(engine);
    }
}

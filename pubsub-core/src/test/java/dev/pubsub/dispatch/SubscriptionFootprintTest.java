package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.MessageHandler;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.testing.Engines;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * By the heap after collections: what is allocated would count what subscribing throws away, too. The ids and topics
 * are the caller's; 10,000 subscriptions make what the JVM itself keeps meanwhile a few bytes each.
 */
class SubscriptionFootprintTest {

    private static final int SUBSCRIPTIONS = 10_000;
    private static final MessageHandler<Object> NOTHING = (message, delivery) -> {};

    @RegisterExtension
    final Engines engines = new Engines();

    @Test
    void aSubscriptionTakesAKilobyteAndNoThreadBeforeItsFirstMessage() {
        String[] ids = names("subscription-");
        String[] topics = names("topic.");
        PubSub engine = engines.started();
        engine.subscribe(SubscriptionSpec.builder("first", "first").build(), NOTHING); // loads what classes it needs
        long threads = workers();
        long before = usedHeap();

        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            engine.subscribe(SubscriptionSpec.builder(ids[i], topics[i]).build(), NOTHING);
        }

        assertThat((usedHeap() - before) / SUBSCRIPTIONS).as("bytes each").isBetween(500L, 1_024L);
        assertThat(workers()).as("workers").isEqualTo(threads);
        assertThat(engine.subscriptions()).hasSize(SUBSCRIPTIONS + 1);
        assertThat(ids).hasSameSizeAs(topics); // both are alive until here
    }

    private static String[] names(String prefix) {
        return IntStream.range(0, SUBSCRIPTIONS).mapToObj(i -> prefix + i).toArray(String[]::new);
    }

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pubsub-worker-"))
                .count();
    }

    /** The least of some collections, since references are cleared by one and what they led to goes with the next. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}

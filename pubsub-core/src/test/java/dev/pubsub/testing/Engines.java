package dev.pubsub.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.engine.PubSubEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Builds engines for a test, and after it asserts the ledger of each and closes it: {@code @RegisterExtension final
 * Engines engines = new Engines();}
 */
public final class Engines implements AfterEachCallback {

    private final List<PubSub> built = new ArrayList<>();

    /** A started engine with defaults, but a short shutdown. */
    public PubSub started() {
        return started(builder -> builder);
    }

    /** A started engine. */
    public PubSub started(UnaryOperator<PubSubBuilder> settings) {
        PubSub engine = unstarted(settings);
        engine.start();
        return engine;
    }

    /** An engine that is not started. */
    public PubSub unstarted(UnaryOperator<PubSubBuilder> settings) {
        PubSub engine = settings.apply(PubSubEngine.builder().shutdownTimeout(Duration.ofMillis(200)))
                .build();
        built.add(engine);
        return engine;
    }

    /** Figures of one subscription now. */
    public static SubscriptionFigures figures(PubSub engine, String id) {
        return engine.snapshot().subscriptions().stream()
                .filter(figures -> figures.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no subscription " + id));
    }

    /** Waits until nothing is queued, active or parked, and asserts that the ledger is balanced. */
    public static void awaitQuiet(PubSub engine) {
        await().pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(engine.snapshot().subscriptions())
                        .allSatisfy(figures -> assertThat(figures.queued() + figures.active() + figures.parked())
                                .as("unsettled copies of %s", figures.id())
                                .isZero()));
        assertBalanced(engine);
    }

    /** Asserts that every accepted copy is accounted for. */
    public static void assertBalanced(PubSub engine) {
        PubSubSnapshot snapshot = engine.snapshot();
        assertThat(snapshot.ledger()).as("ledger of %s", snapshot).isEqualTo(Ledger.BALANCED);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        for (PubSub engine : built) {
            assertBalanced(engine);
            engine.close();
            assertThat(engine.snapshot().ledger()).isEqualTo(Ledger.BALANCED);
        }
    }
}

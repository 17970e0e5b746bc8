package dev.pubsub.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.engine.PubSubEngine;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A started engine with a probe and a manual clock; after the test its ledger is asserted, and it is closed. */
final class Probed implements AfterEachCallback {

    final PubSubProbe probe = PubSubProbe.withManualClock();
    final PubSub pubSub;

    Probed() {
        this(builder -> builder);
    }

    Probed(UnaryOperator<PubSubBuilder> settings) {
        pubSub = probe.build(settings.apply(PubSubEngine.builder().shutdownTimeout(Duration.ZERO)));
        pubSub.start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        assertThat(pubSub.snapshot().ledger()).isEqualTo(Ledger.BALANCED);
        probe.faults().clear();
        pubSub.close();
    }
}

package dev.pubsub.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.PubSubClosedException;
import dev.pubsub.codec.PayloadConverter;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.NoMetrics;
import dev.pubsub.spi.TimeSource;
import dev.pubsub.transport.memory.MemoryTransport;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A publish that is overtaken by a close. Found by {@code LifecycleProof} in pubsub-proofs, as the outcome "0, 0, 0".
 */
class ClosedMeanwhileTest {

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aPublishThatFindsNoRouteBecauseTheEngineWasClosedMeanwhileIsRefused() {
        // accepted at first; then the close takes all subscriptions out of the registry, and only then it is routed
        PublishPipeline publishing = publishing(new Acceptance() {
            @Override
            public boolean accepts(boolean fromHandler) {
                return asked.incrementAndGet() == 1;
            }

            @Override
            public boolean delivers() {
                return true;
            }
        });

        assertThatThrownBy(() -> publishing.publish("t", "payload")).isInstanceOf(PubSubClosedException.class);

        assertThat(publishing.accepted()).isZero();
        assertThat(publishing.unrouted()).isZero();
        assertThat(publishing.rejected()).isEqualTo(1);
    }

    private static PublishPipeline publishing(Acceptance acceptance) {
        return new PublishPipeline(
                new PublishSettings(1, false, 1, 1),
                new MessageLimits(100, 1, 100),
                new Router(NoMetrics.INSTANCE),
                new MemoryTransport().sender(),
                PayloadConverter.none(),
                acceptance,
                new EngineTime(TimeSource.system()),
                NoMetrics.INSTANCE,
                null,
                null,
                null,
                Runnable::run);
    }
}

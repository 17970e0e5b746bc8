package dev.pubsub.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.Publisher;
import dev.pubsub.test.PubSubClock;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.AutoConfigurePubSubTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;

@SpringBootTest
@AutoConfigurePubSubTest(manualClock = false)
class RealTimeTest {

    @Autowired
    private Publisher publisher;

    @Autowired
    private PubSubProbe probe;

    @Test
    void timePassesByItself(@Autowired ApplicationContext context) {
        probe.faults().on("shipping").times(1).retryLater(Duration.ofMillis(10));

        publisher.publish("orders.billed", "{\"id\":\"o-1\",\"amount\":5}");
        probe.awaitQuiet();

        assertThat(probe.onlyReceived("shipping")).isCompleted().hasAttempts(2);
        assertThat(context.getBeanProvider(PubSubClock.class).getIfAvailable()).isNull();
        assertThatThrownBy(() -> probe.clock()).hasMessageContaining("manualClock");
    }
}

package dev.pubsub.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Publisher;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.AutoConfigurePubSubTest;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
@AutoConfigurePubSubTest
@TestMethodOrder(MethodOrderer.MethodName.class)
class WholeApplicationTest {

    @Autowired
    private Publisher publisher;

    @Autowired
    private PubSubProbe probe;

    @Autowired
    private Ledger ledger;

    @Test
    void aLeavesFaultsAPausedSubscriptionAndOpenCopies() {
        probe.faults().on("billing").retryLater(Duration.ofHours(1));
        probe.publishing().to("orders.billed").refuseClosed();

        publisher.publish("orders.created", new Order("left", 1));
        probe.clock().advance(Duration.ofMinutes(1));

        assertThat(probe.onlyReceived("billing")).isNotSettled().hasAttempts(1);
    }

    @Test
    void bBeginsAtRestInTheSameContext() {
        assertThat(probe.published()).isEmpty();

        publisher.publish("orders.created", new Order("next", 1));
        probe.awaitQuiet();

        assertThat(probe.onlyReceived("billing")).isCompleted().hasAttempts(1);
        assertThat(probe.onlyReceived("shipping")).isCompleted();
        assertThat(ledger.orders()).containsExactly(new Order("next", 1));
    }
}

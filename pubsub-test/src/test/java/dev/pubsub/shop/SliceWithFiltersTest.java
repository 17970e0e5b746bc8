package dev.pubsub.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Publisher;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.PubSubTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

@PubSubTest(includeFilters = @ComponentScan.Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Shipping.class))
class SliceWithFiltersTest {

    @Autowired
    private Publisher publisher;

    @Autowired
    private PubSubProbe probe;

    @Test
    void includesWhatTheFiltersInclude() {
        publisher.publish("orders.billed", "{\"id\":\"o-1\",\"amount\":5}");
        probe.awaitQuiet();

        assertThat(probe.onlyReceived("shipping")).isCompleted();
    }
}

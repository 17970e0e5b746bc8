package dev.pubsub.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.PubSub;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.Publisher;
import dev.pubsub.Subscription;
import dev.pubsub.spi.Scheduler;
import dev.pubsub.spi.TimeSource;
import dev.pubsub.test.PubSubClock;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.PubSubTest;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

@PubSubTest(value = Billing.class, properties = "pubsub.subscriptions.billing.retry.max-attempts=4")
class PubSubSliceTest {

    private static final Order ORDER = new Order("o-1", 5);

    @Autowired
    private Publisher publisher;

    @Autowired
    private PubSubProbe probe;

    @MockitoBean
    private Invoices invoices;

    @Test
    void hasTheEngineAndTheComponentsThatAreNamedAndNoOthers(@Autowired ApplicationContext context) {
        assertThat(context.getBean(PubSub.class).subscriptions())
                .extracting(Subscription::id)
                .containsExactly("billing");
        assertThat(context.getBeanProvider(Shipping.class).getIfAvailable()).isNull();
        assertThat(context.getBeanProvider(Ledger.class).getIfAvailable()).isNull();
        assertThat(context.getBean(TimeSource.class))
                .isSameAs(context.getBean(Scheduler.class))
                .isSameAs(context.getBean(PubSubClock.class))
                .isSameAs(probe.clock());
    }

    @Test
    void callsTheHandlerAndSeesWhatItPublishes() throws Exception {
        publisher.publish("orders.created", ORDER.id(), ORDER);
        probe.awaitQuiet();

        verify(invoices).create(ORDER);
        assertThat(probe.onlyReceived("billing")).isCompleted().hasAttempts(1);
        assertThat(probe.onlyPublished("orders.billed")).hasKey("o-1").hasPayload(ORDER);
    }

    @Test
    void convertsPayloadsAsTheApplicationDoes() throws Exception {
        publisher.publish("orders.created", "{\"id\":\"o-1\",\"amount\":5}");
        probe.awaitQuiet();

        verify(invoices).create(ORDER);
    }

    @Test
    void hasTheSettingsOfTheApplicationAndOfTheTest() throws Exception {
        willThrow(new IOException("down")).given(invoices).create(ORDER);

        publisher.publish("orders.created", ORDER);
        probe.advanceUntilQuiet(Duration.ofMinutes(1));

        verify(invoices, times(4)).create(ORDER);
        assertThat(probe.onlyReceived("billing"))
                .isDeadLettered(Reason.FAILURE)
                .hasAttempts(4)
                .hasException(IOException.class);
    }

    @Test
    void faultsComeBeforeTheHandler() throws Exception {
        probe.faults().on("billing").timeOut();

        publisher.publish("orders.created", ORDER);
        probe.awaitQuiet();

        verify(invoices, never()).create(ORDER);
        assertThat(probe.onlyReceived("billing")).isDeadLettered(Reason.TIMEOUT);
        assertThat(probe.clock().instant()).isEqualTo(PubSubClock.START.plus(Duration.ofSeconds(5)));
    }

    @Test
    void aPublishThatIsRefusedToAHandlerIsAFailureLikeAnyOther() throws Exception {
        probe.publishing().to("orders.billed").times(1).refuseTimedOut();

        publisher.publish("orders.created", ORDER);
        probe.advanceUntilQuiet(Duration.ofMinutes(1));

        assertThat(probe.onlyReceived("billing"))
                .isCompleted()
                .hasAttempts(2)
                .hasException(PublishTimeoutException.class);
        verify(invoices, times(2)).create(ORDER);
    }
}

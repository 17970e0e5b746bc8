package dev.pubsub.sample.oncall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.sample.oncall.OnCallLog.Notice;
import dev.pubsub.spring.event.MessageDeadLettered;
import dev.pubsub.spring.event.PauseCause;
import dev.pubsub.spring.event.SubscriptionPaused;
import dev.pubsub.spring.event.SubscriptionQuarantined;
import dev.pubsub.spring.event.SubscriptionResumed;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class OnCallLogTest {

    private static final Instant AT = Instant.EPOCH;

    @Test
    void shouldKeepTheLatestThatItIsTold() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(OnCallLog.class)) {
            context.publishEvent(new SubscriptionPaused("alerts", PauseCause.CIRCUIT_BREAKER, AT));
            context.publishEvent(new SubscriptionResumed("alerts", PauseCause.CIRCUIT_BREAKER, AT));
            context.publishEvent(new SubscriptionQuarantined("catalog", AT));
            context.publishEvent(new MessageDeadLettered(
                    "dl-1", "alerts", "m-1", "quakes.us.earthquake", Reason.TIMEOUT, 1, null, null, 0, AT));

            assertThat(context.getBean(OnCallLog.class).latest())
                    .containsExactly(
                            new Notice(AT, "alerts", "dead-lettered", "TIMEOUT"),
                            new Notice(AT, "catalog", "quarantined", "too many handlers run on"),
                            new Notice(AT, "alerts", "resumed", "circuit-breaker"),
                            new Notice(AT, "alerts", "paused", "circuit-breaker"));
        }
    }
}

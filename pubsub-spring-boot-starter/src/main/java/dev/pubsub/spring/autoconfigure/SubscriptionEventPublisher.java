package dev.pubsub.spring.autoconfigure;

import dev.pubsub.spi.SubscriptionListener;
import dev.pubsub.spring.event.DeadLettersNotTold;
import dev.pubsub.spring.event.MessageDeadLettered;
import dev.pubsub.spring.event.PauseCause;
import dev.pubsub.spring.event.SubscriptionPaused;
import dev.pubsub.spring.event.SubscriptionQuarantined;
import dev.pubsub.spring.event.SubscriptionResumed;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationNotAllowedException;
import org.springframework.context.ApplicationEventPublisher;

/** What the engine tells, as application events. Safe for use by any thread. */
final class SubscriptionEventPublisher implements SubscriptionListener {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionEventPublisher.class);

    private final ApplicationEventPublisher events;

    SubscriptionEventPublisher(ApplicationEventPublisher events) {
        this.events = events;
    }

    @Override
    public void paused(String subscriptionId, Cause cause, Instant at) {
        publish(new SubscriptionPaused(subscriptionId, causeOf(cause), at));
    }

    @Override
    public void resumed(String subscriptionId, Cause cause, Instant at) {
        publish(new SubscriptionResumed(subscriptionId, causeOf(cause), at));
    }

    @Override
    public void quarantined(String subscriptionId, Instant at) {
        publish(new SubscriptionQuarantined(subscriptionId, at));
    }

    @Override
    public void deadLettered(DeadLettered letter) {
        publish(new MessageDeadLettered(
                letter.deadLetterId(),
                letter.subscriptionId(),
                letter.messageId(),
                letter.topic(),
                letter.reason(),
                letter.attempts(),
                letter.exceptionType(),
                letter.fingerprint(),
                letter.replays(),
                letter.failedAt()));
    }

    @Override
    public void deadLettersNotTold(long count) {
        publish(new DeadLettersNotTold(count));
    }

    /** A listener that throws keeps Spring from calling those behind it; the engine logs what was thrown. */
    private void publish(Object event) {
        try {
            events.publishEvent(event);
        } catch (BeanCreationNotAllowedException closing) { // the listeners' beans are being destroyed
            log.debug("No listener is left for {}", event.getClass().getSimpleName());
        }
    }

    private static PauseCause causeOf(Cause cause) {
        return switch (cause) {
            case MANUAL -> PauseCause.MANUAL;
            case CIRCUIT_BREAKER -> PauseCause.CIRCUIT_BREAKER;
            case QUARANTINE -> PauseCause.QUARANTINE;
        };
    }
}

package dev.pubsub.sample.oncall;

import dev.pubsub.sample.latest.Latest;
import dev.pubsub.spring.event.MessageDeadLettered;
import dev.pubsub.spring.event.SubscriptionPaused;
import dev.pubsub.spring.event.SubscriptionQuarantined;
import dev.pubsub.spring.event.SubscriptionResumed;
import java.time.Instant;
import java.util.List;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Keeps what somebody on call would be told. Another application would send it to a pager or a chat. */
@Component
public class OnCallLog {

    private static final int KEPT = 200;

    private final Latest<Notice> latest = new Latest<>(KEPT);

    /**
     * One thing that happened.
     *
     * @param what {@code paused}, {@code resumed}, {@code quarantined} or {@code dead-lettered}
     * @param why the cause of a pause, or the reason of a dead letter
     */
    public record Notice(Instant at, String subscription, String what, String why) {}

    @EventListener
    void on(SubscriptionPaused event) {
        latest.add(new Notice(
                event.at(), event.subscriptionId(), "paused", event.cause().pausedBy()));
    }

    @EventListener
    void on(SubscriptionResumed event) {
        latest.add(new Notice(
                event.at(), event.subscriptionId(), "resumed", event.cause().pausedBy()));
    }

    @EventListener
    void on(SubscriptionQuarantined event) {
        latest.add(new Notice(event.at(), event.subscriptionId(), "quarantined", "too many handlers run on"));
    }

    @EventListener
    void on(MessageDeadLettered event) {
        latest.add(new Notice(
                event.at(),
                event.subscriptionId(),
                "dead-lettered",
                event.reason().name()));
    }

    /** Newest first. */
    public List<Notice> latest() {
        return latest.list();
    }
}

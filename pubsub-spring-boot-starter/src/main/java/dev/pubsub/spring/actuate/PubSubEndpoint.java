package dev.pubsub.spring.actuate;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.Subscription;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** The engine's figures, and pausing and resuming a subscription. */
@WebEndpoint(id = "pubsub")
@RegisterReflectionForBinding({PubSubEndpoint.EngineDescriptor.class, SubscriptionDescriptor.class})
public class PubSubEndpoint {

    private final PubSub pubSub;

    /** Of this engine. */
    public PubSubEndpoint(PubSub pubSub) {
        this.pubSub = pubSub;
    }

    /** Everything. */
    @ReadOperation
    public WebEndpointResponse<Object> engine() {
        return new WebEndpointResponse<>(EngineDescriptor.of(pubSub.snapshot()));
    }

    /** One subscription, with its effective settings. */
    @ReadOperation
    public WebEndpointResponse<Object> subscription(@Selector String subscriptionId) {
        return describe(subscriptionId);
    }

    /** Pauses or resumes one. */
    @WriteOperation
    public WebEndpointResponse<Object> change(@Selector String subscriptionId, @Nullable String state) {
        Optional<Subscription> subscription = pubSub.subscription(subscriptionId);
        if (subscription.isEmpty()) {
            return unknown(subscriptionId);
        }
        if (!"PAUSED".equals(state) && !"RUNNING".equals(state)) {
            return Problems.badRequest("The body must be {\"state\":\"PAUSED\"} or {\"state\":\"RUNNING\"}");
        }
        boolean pause = "PAUSED".equals(state);
        String what = (pause ? "pause" : "resume") + " subscription '"
                + subscription.get().id() + "'";
        try {
            if (pause) {
                subscription.get().pause();
            } else {
                subscription.get().resume();
            }
        } catch (IllegalStateException e) {
            Writes.refused(what, e);
            return Problems.conflict(String.valueOf(e.getMessage()));
        }
        Writes.done(what);
        return describe(subscriptionId);
    }

    private WebEndpointResponse<Object> describe(String id) {
        Optional<Subscription> subscription = pubSub.subscription(id);
        Optional<SubscriptionFigures> figures = pubSub.snapshot().subscriptions().stream()
                .filter(one -> one.id().equals(id))
                .findFirst();
        if (subscription.isEmpty() || figures.isEmpty()) {
            return unknown(id);
        }
        return new WebEndpointResponse<>(
                SubscriptionDescriptor.of(figures.get(), subscription.get().spec()));
    }

    private static WebEndpointResponse<Object> unknown(String id) {
        return Problems.notFound("There is no subscription '" + Texts.capped(id, 100) + "'");
    }

    /** The engine as the endpoint shows it. */
    record EngineDescriptor(
            String state,
            String transport,
            PublisherDescriptor publisher,
            List<SubscriptionDescriptor> subscriptions,
            DeadLettersDescriptor deadLetters,
            String ledger)
            implements OperationResponseBody {

        static EngineDescriptor of(PubSubSnapshot snapshot) {
            PubSubSnapshot.PublisherFigures publisher = snapshot.publisher();
            return new EngineDescriptor(
                    snapshot.state().name(),
                    snapshot.transport(),
                    new PublisherDescriptor(
                            publisher.inFlight(), publisher.limit(), publisher.accepted(), publisher.rejected()),
                    snapshot.subscriptions().stream()
                            .map(figures -> SubscriptionDescriptor.of(figures, null))
                            .toList(),
                    new DeadLettersDescriptor(snapshot.deadLetters()),
                    snapshot.ledger().name());
        }
    }

    /** Figures of publishing. */
    record PublisherDescriptor(int inFlight, int limit, long accepted, long rejected) {}

    /** How many dead letters there are. */
    record DeadLettersDescriptor(int size) {}
}

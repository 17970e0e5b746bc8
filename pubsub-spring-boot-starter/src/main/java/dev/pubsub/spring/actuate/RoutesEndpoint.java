package dev.pubsub.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pubsub.Names;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** Which subscriptions a message on a topic would reach. */
@RegisterReflectionForBinding({RoutesEndpoint.Routes.class})
@WebEndpoint(id = "pubsubroutes")
public class RoutesEndpoint {

    private final PubSub pubSub;

    /** Of this engine. */
    public RoutesEndpoint(PubSub pubSub) {
        this.pubSub = pubSub;
    }

    /** Those that it reaches, by their ids; nothing is published. */
    @ReadOperation
    public WebEndpointResponse<Object> routes(@Nullable String topic) {
        if (topic == null || topic.isBlank()) {
            return Problems.badRequest("A topic is missing; ask, for example, with ?topic=orders.created");
        }
        String problem = Names.topicProblem(topic);
        if (problem != null) {
            return Problems.badRequest("The parameter 'topic' is no topic: " + problem);
        }
        Map<String, SubscriptionFigures> figures = pubSub.snapshot().subscriptions().stream()
                .collect(Collectors.toMap(SubscriptionFigures::id, Function.identity()));
        return new WebEndpointResponse<>(new Routes(
                topic,
                pubSub.subscriptions().stream()
                        .filter(subscription ->
                                !matching(subscription.spec(), topic).isEmpty())
                        .map(subscription -> RouteDescriptor.of(subscription, topic, figures.get(subscription.id())))
                        .toList()));
    }

    /** Those of its patterns that match. */
    static List<String> matching(SubscriptionSpec<?> spec, String topic) {
        return spec.patterns().stream()
                .filter(pattern -> Names.matches(pattern, topic))
                .toList();
    }

    /** Where a topic leads. */
    record Routes(String topic, List<RouteDescriptor> subscriptions) implements OperationResponseBody {}

    /** A subscription that it leads to. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record RouteDescriptor(
            String id,
            List<String> patterns,
            String ordering,
            @Nullable String condition,
            String state,
            @Nullable String pausedBy,
            boolean takesCopies) {

        /** State and cause of one moment, as far as it was there at that moment. */
        static RouteDescriptor of(Subscription subscription, String topic, @Nullable SubscriptionFigures figures) {
            Subscription.State state = figures == null ? subscription.state() : figures.state();
            return new RouteDescriptor(
                    subscription.id(),
                    matching(subscription.spec(), topic),
                    subscription.spec().ordering().name(),
                    SubscriptionDescriptor.conditionOf(subscription.spec()),
                    state.name(),
                    figures == null ? null : figures.pausedBy(),
                    state != Subscription.State.STOPPED);
        }
    }
}

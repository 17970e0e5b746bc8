package dev.pubsub.spring.actuate;

import dev.pubsub.PubSub;
import dev.pubsub.journey.Journey;
import dev.pubsub.journey.Journeys;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** What became of the latest messages. */
@RegisterReflectionForBinding({MessagesEndpoint.Listing.class, MessageDescriptor.class})
@WebEndpoint(id = "pubsubmessages")
public class MessagesEndpoint {

    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 1_000;

    private final PubSub pubSub;
    private final @Nullable Journeys journeys;
    private final Sanitizer sanitizer;
    private final Show showValues;
    private final Set<String> roles;

    /**
     * Of this engine.
     *
     * @param journeys what is known of its messages; null where nothing is kept
     * @param showValues who sees keys
     * @param roles of those who are authorized; empty: all who are authenticated
     */
    public MessagesEndpoint(
            PubSub pubSub, @Nullable Journeys journeys, Sanitizer sanitizer, Show showValues, Set<String> roles) {
        this.pubSub = pubSub;
        this.journeys = journeys;
        this.sanitizer = sanitizer;
        this.showValues = showValues;
        this.roles = Set.copyOf(roles);
    }

    /** The latest, newest first. */
    @ReadOperation
    public WebEndpointResponse<Object> list(SecurityContext securityContext, @Nullable String limit) {
        int most;
        try {
            most = Numbers.parse("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT);
        } catch (IllegalArgumentException e) {
            return Problems.badRequest(String.valueOf(e.getMessage()));
        }
        if (journeys == null) {
            return new WebEndpointResponse<>(new Listing(0, 0, List.of()));
        }
        boolean show = showValues.isShown(securityContext, roles);
        return new WebEndpointResponse<>(new Listing(
                journeys.capacity(),
                journeys.perMillisecond(),
                journeys.latest(most).stream()
                        .map(journey -> describe(journey, show))
                        .toList()));
    }

    /** One of them. */
    @ReadOperation
    public WebEndpointResponse<Object> get(SecurityContext securityContext, @Selector String id) {
        if (journeys == null) {
            return Problems.notFound("Nothing is kept of messages: pubsub.journey.capacity is 0");
        }
        boolean show = showValues.isShown(securityContext, roles);
        return journeys.find(id)
                .map(journey -> new WebEndpointResponse<Object>(describe(journey, show)))
                .orElseGet(() -> Problems.notFound("Nothing is known of a message '" + Texts.capped(id, 100)
                        + "': there was none, it is older than the latest " + journeys.capacity()
                        + ", or it was not among the first " + journeys.perMillisecond() + " of its millisecond"));
    }

    private MessageDescriptor describe(Journey journey, boolean show) {
        return MessageDescriptor.of(journey, pubSub, sanitizer, show);
    }

    /** The latest messages. */
    record Listing(int capacity, int perMillisecond, List<MessageDescriptor> messages)
            implements OperationResponseBody {}
}

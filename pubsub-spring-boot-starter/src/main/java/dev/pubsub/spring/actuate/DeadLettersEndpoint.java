package dev.pubsub.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeadLetters;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** What could not be handled: to read, to replay, to discard. */
@WebEndpoint(id = "pubsubdeadletters")
@RegisterReflectionForBinding({
    DeadLettersEndpoint.Listing.class,
    DeadLetterDescriptor.class,
    DeadLettersEndpoint.Replayed.class,
    DeadLettersEndpoint.Discarded.class
})
public class DeadLettersEndpoint {

    private final PubSub pubSub;
    private final Sanitizer sanitizer;
    private final Show showValues;
    private final Set<String> roles;

    /**
     * Of this engine.
     *
     * @param showValues who sees payloads, keys, header values and exception messages
     * @param roles of those who are authorized; empty: all who are authenticated
     */
    public DeadLettersEndpoint(PubSub pubSub, Sanitizer sanitizer, Show showValues, Set<String> roles) {
        this.pubSub = pubSub;
        this.sanitizer = sanitizer;
        this.showValues = showValues;
        this.roles = Set.copyOf(roles);
    }

    /** Those that match, oldest first, and all groups of them. */
    @ReadOperation
    public WebEndpointResponse<Object> list(
            SecurityContext securityContext,
            @Nullable String subscription,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable String limit,
            @Nullable String offset) {
        return answer(() -> {
            DeadLetterQuery query = DeadLetterFilter.page(subscription, reason, fingerprint, limit, offset);
            boolean show = showValues.isShown(securityContext, roles);
            DeadLetters letters = pubSub.deadLetters();
            return new WebEndpointResponse<>(new Listing(
                    letters.count(query),
                    letters.find(query).stream()
                            .map(letter -> DeadLetterDescriptor.of(letter, sanitizer, show))
                            .toList(),
                    letters.groups(query).stream().map(Group::of).toList()));
        });
    }

    /** One of them. */
    @ReadOperation
    public WebEndpointResponse<Object> get(SecurityContext securityContext, @Selector String id) {
        return answer(() -> {
            boolean show = showValues.isShown(securityContext, roles);
            return pubSub.deadLetters()
                    .get(id)
                    .map(letter -> new WebEndpointResponse<Object>(DeadLetterDescriptor.of(letter, sanitizer, show)))
                    .orElseGet(() -> unknown(id));
        });
    }

    /** Replays one. */
    @WriteOperation
    public WebEndpointResponse<Object> replay(@Selector String id) {
        return answer(() -> pubSub.deadLetters().replay(id)
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)
                : unknown(id));
    }

    /** Replays those that match, in the background. */
    @WriteOperation
    public WebEndpointResponse<Object> replayAll(
            @Nullable String subscription,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable String dryRun,
            @Nullable String rate,
            @Nullable String all) {
        return answer(() -> {
            DeadLetterQuery query = bulk(subscription, reason, fingerprint, all);
            double perSecond = DeadLetterFilter.rate(rate);
            if (DeadLetterFilter.flag("dryRun", dryRun)) {
                return new WebEndpointResponse<>(
                        new Replayed(null, pubSub.deadLetters().count(query)));
            }
            DeadLetters.Replay replay = pubSub.deadLetters().replayAll(query, perSecond);
            return new WebEndpointResponse<>(new Replayed(replay.id(), replay.matched()));
        });
    }

    /** Drops one. */
    @DeleteOperation
    public WebEndpointResponse<Object> discard(@Selector String id) {
        return answer(() -> pubSub.deadLetters().discard(id)
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT)
                : unknown(id));
    }

    /** Drops those that match. */
    @DeleteOperation
    public WebEndpointResponse<Object> discardAll(
            @Nullable String subscription,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable String all) {
        return answer(() -> new WebEndpointResponse<>(
                new Discarded(pubSub.deadLetters().discardAll(bulk(subscription, reason, fingerprint, all)))));
    }

    private static DeadLetterQuery bulk(
            @Nullable String subscription,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable String all) {
        DeadLetterQuery query = DeadLetterFilter.query(subscription, reason, fingerprint);
        if (!DeadLetterFilter.flag("all", all) && !query.hasFilter()) {
            throw new IllegalArgumentException(
                    "No filter was given (subscription, reason or fingerprint); to mean every dead letter, set all to true");
        }
        return query;
    }

    private static WebEndpointResponse<Object> answer(Supplier<WebEndpointResponse<Object>> operation) {
        try {
            return operation.get();
        } catch (IllegalArgumentException e) {
            return Problems.badRequest(String.valueOf(e.getMessage()));
        } catch (IllegalStateException | PubSubException e) {
            return Problems.conflict(String.valueOf(e.getMessage()));
        }
    }

    private static WebEndpointResponse<Object> unknown(String id) {
        return Problems.notFound("There is no dead letter '" + Texts.capped(id, 100) + "'");
    }

    /** A page of dead letters. */
    record Listing(long total, List<DeadLetterDescriptor> deadLetters, List<Group> groups)
            implements OperationResponseBody {}

    /** Dead letters with the same fingerprint. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Group(
            @Nullable String fingerprint, @Nullable String exceptionType, long count, Instant first, Instant last) {

        static Group of(DeadLetters.Group group) {
            return new Group(group.fingerprint(), group.exceptionType(), group.count(), group.first(), group.last());
        }
    }

    /** A replay of many; without an id where it was only tried. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Replayed(@Nullable String replayId, long matched) implements OperationResponseBody {}

    /** How many were dropped. */
    record Discarded(int discarded) implements OperationResponseBody {}
}

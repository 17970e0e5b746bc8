package dev.pubsub.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.DeadLetters;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubException;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.SafeText;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
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
    private final PayloadCodec codec;
    private final Show showValues;
    private final Set<String> roles;

    /**
     * Of this engine.
     *
     * @param sanitizer what it masks, of header values by the header's name, of payloads by the path of a field
     * @param codec writes payloads as text
     * @param showValues who sees payloads, keys, header values and exception messages
     * @param roles of those who are authorized; empty: all who are authenticated
     */
    public DeadLettersEndpoint(
            PubSub pubSub, Sanitizer sanitizer, PayloadCodec codec, Show showValues, Set<String> roles) {
        this.pubSub = pubSub;
        this.sanitizer = sanitizer;
        this.codec = codec;
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
            ShownValues values = valuesFor(securityContext);
            DeadLetters letters = pubSub.deadLetters();
            return new WebEndpointResponse<>(new Listing(
                    letters.count(query),
                    letters.find(query).stream()
                            .map(letter -> DeadLetterDescriptor.of(letter, values))
                            .toList(),
                    letters.groups(query).stream().map(Group::of).toList()));
        });
    }

    /** One of them. */
    @ReadOperation
    public WebEndpointResponse<Object> get(SecurityContext securityContext, @Selector String id) {
        return answer(() -> {
            ShownValues values = valuesFor(securityContext);
            return pubSub.deadLetters()
                    .get(id)
                    .map(letter -> new WebEndpointResponse<Object>(DeadLetterDescriptor.of(letter, values)))
                    .orElseGet(() -> unknown(id));
        });
    }

    /** Replays one. */
    @WriteOperation
    public WebEndpointResponse<Object> replay(@Selector String id) {
        return one("replay", id, pubSub.deadLetters()::replay);
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
            DeadLetters letters = pubSub.deadLetters();
            if (DeadLetterFilter.flag("dryRun", dryRun)) {
                return new WebEndpointResponse<>(new Replayed(null, letters.count(query)));
            }
            String what = "replay dead letters, " + DeadLetterFilter.describe(query)
                    + (rate == null ? "" : ", " + perSecond + " a second");
            DeadLetters.Replay replay = logged(what, () -> letters.replayAll(query, perSecond));
            Writes.done(what + ": " + replay.matched() + " matched, as " + replay.id());
            return new WebEndpointResponse<>(new Replayed(replay.id(), replay.matched()));
        });
    }

    /** Drops one. */
    @DeleteOperation
    public WebEndpointResponse<Object> discard(@Selector String id) {
        return one("discard", id, pubSub.deadLetters()::discard);
    }

    /** Drops those that match. */
    @DeleteOperation
    public WebEndpointResponse<Object> discardAll(
            @Nullable String subscription,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable String all) {
        return answer(() -> {
            DeadLetterQuery query = bulk(subscription, reason, fingerprint, all);
            String what = "discard dead letters, " + DeadLetterFilter.describe(query);
            int discarded = logged(what, () -> pubSub.deadLetters().discardAll(query));
            Writes.done(what + ": " + discarded);
            return new WebEndpointResponse<>(new Discarded(discarded));
        });
    }

    private ShownValues valuesFor(SecurityContext securityContext) {
        return new ShownValues(sanitizer, codec, showValues.isShown(securityContext, roles));
    }

    private static WebEndpointResponse<Object> one(String verb, String id, Predicate<String> action) {
        return answer(() -> {
            String what = verb + " dead letter " + SafeText.of(id, 100);
            if (!logged(what, () -> action.test(id))) {
                return unknown(id);
            }
            Writes.done(what);
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
        });
    }

    /** Does it; a refusal is told to the log too, and goes on to {@link #answer}. */
    private static <R> R logged(String what, Supplier<R> action) {
        try {
            return action.get();
        } catch (IllegalStateException | PubSubException e) {
            Writes.refused(what, e);
            throw e;
        }
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
            @Nullable String fingerprint,
            @Nullable String exceptionType,
            long count,
            Instant first,
            Instant last,
            List<String> subscriptions,
            List<String> reasons) {

        static Group of(DeadLetters.Group group) {
            return new Group(
                    group.fingerprint(),
                    group.exceptionType(),
                    group.count(),
                    group.first(),
                    group.last(),
                    group.subscriptions(),
                    group.reasons().stream().map(Enum::name).toList());
        }
    }

    /** A replay of many; without an id where it was only tried. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Replayed(@Nullable String replayId, long matched) implements OperationResponseBody {}

    /** How many were dropped. */
    record Discarded(int discarded) implements OperationResponseBody {}
}

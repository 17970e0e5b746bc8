package dev.pubsub.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.journey.Journey;
import dev.pubsub.journey.Journey.CopyJourney;
import dev.pubsub.journey.Journey.EndedAttempt;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;

/** A message's journey as the endpoint shows it; the key as the settings say. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record MessageDescriptor(
        String id,
        String topic,
        @Nullable Object key,
        String payloadType,
        Instant createdAt,
        @Nullable Instant acceptedAt,
        @Nullable Refused refused,
        List<CopyDescriptor> subscriptions,
        int moreSubscriptions)
        implements OperationResponseBody {

    static MessageDescriptor of(Journey journey, PubSub pubSub, Sanitizer sanitizer, boolean show) {
        Journey.Refusal refusal = journey.refusal();
        return new MessageDescriptor(
                journey.messageId(),
                journey.topic(),
                key(journey.key(), sanitizer, show),
                journey.payloadType(),
                journey.createdAt(),
                journey.acceptedAt(),
                refusal == null ? null : new Refused(refusal.at(), refusal.exceptionType()),
                journey.copies().stream()
                        .map(copy -> CopyDescriptor.of(copy, journey.topic(), pubSub))
                        .toList(),
                journey.moreCopies());
    }

    private static @Nullable Object key(@Nullable String key, Sanitizer sanitizer, boolean show) {
        if (key == null) {
            return null;
        }
        return show ? sanitizer.sanitize(new SanitizableData(null, "key", key), true) : SanitizableData.SANITIZED_VALUE;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "MessageDescriptor[id=" + id + ", topic=" + topic + ", subscriptions=" + subscriptions + "]";
    }

    /** That it was refused. */
    record Refused(Instant at, String exceptionType) {}

    /** A subscription's copy. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record CopyDescriptor(
            String id,
            String state,
            @Nullable String reason,
            List<String> patterns,
            @Nullable String condition,
            @Nullable Instant settledAt,
            int replays,
            List<AttemptDescriptor> attempts,
            int earlierAttempts) {

        static CopyDescriptor of(CopyJourney copy, String topic, PubSub pubSub) {
            Subscription subscription =
                    pubSub.subscription(copy.subscriptionId()).orElse(null); // it may be gone
            return new CopyDescriptor(
                    copy.subscriptionId(),
                    copy.state().name(),
                    copy.reason() == null ? null : copy.reason().name(),
                    subscription == null ? List.of() : RoutesEndpoint.matching(subscription.spec(), topic),
                    subscription == null ? null : SubscriptionDescriptor.conditionOf(subscription.spec()),
                    copy.settledAt(),
                    copy.replays(),
                    copy.attempts().stream().map(AttemptDescriptor::of).toList(),
                    copy.earlierAttempts());
        }
    }

    /** An attempt that has ended. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record AttemptDescriptor(
            int attempt,
            String result,
            Instant endedAt,
            double durationMillis,
            @Nullable String exceptionType) {

        private static final double MICROS_PER_MILLI = TimeUnit.MILLISECONDS.toMicros(1);

        static AttemptDescriptor of(EndedAttempt attempt) {
            return new AttemptDescriptor(
                    attempt.attempt(),
                    attempt.result().name(),
                    attempt.endedAt(),
                    TimeUnit.NANOSECONDS.toMicros(attempt.duration().toNanos()) / MICROS_PER_MILLI,
                    attempt.exceptionType());
        }
    }
}

package dev.pubsub.spring.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.pubsub.BreakerPolicy;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spring.handler.Condition;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * A subscription as the endpoint shows it; the settings only where one is asked for. Latencies are from acceptance to
 * settlement, the total of all that are settled: two readings give the mean of the time between.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record SubscriptionDescriptor(
        String id,
        List<String> topics,
        String state,
        @Nullable String pausedBy,
        int concurrency,
        int queued,
        int active,
        int parked,
        long accepted,
        long completed,
        long deadLettered,
        long discarded,
        long filtered,
        long retries,
        long timeouts,
        long panics,
        int abandoned,
        long lateCompletions,
        long breakerTrips,
        String circuitBreaker,
        long oldestAgeMillis,
        int places,
        long failures,
        @Nullable Long pausedMillis,
        double latencyTotalMillis,
        double latencyMaxMillis,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Settings settings)
        implements OperationResponseBody {

    static SubscriptionDescriptor of(SubscriptionFigures figures, @Nullable SubscriptionSpec<?> spec) {
        return new SubscriptionDescriptor(
                figures.id(),
                figures.topics(),
                figures.state().name(),
                figures.pausedBy(),
                figures.concurrency(),
                figures.queued(),
                figures.active(),
                figures.parked(),
                figures.accepted(),
                figures.completed(),
                figures.deadLettered(),
                figures.discarded(),
                figures.filtered(),
                figures.retries(),
                figures.timeouts(),
                figures.panics(),
                figures.abandoned(),
                figures.lateCompletions(),
                figures.breakerTrips(),
                figures.circuitBreaker(),
                figures.oldestAgeMillis(),
                figures.places(),
                figures.failures(),
                figures.pausedBy() == null ? null : figures.pausedMillis(),
                figures.latencyTotalNanos() / 1e6,
                figures.latencyMaxNanos() / 1e6,
                spec == null ? null : Settings.of(spec));
    }

    /** The text of its condition; null without one. */
    static @Nullable String conditionOf(SubscriptionSpec<?> spec) {
        if (spec.condition() == null) {
            return null;
        }
        return spec.condition() instanceof Condition condition ? condition.toString() : "(in code)";
    }

    /** What a subscription was made with, under the names of the properties. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Settings(
            List<String> topics,
            String payloadType,
            int concurrency,
            int queueCapacity,
            String whenFull,
            Duration timeout,
            boolean autoStartup,
            String execution,
            int maxAbandoned,
            String ordering,
            @Nullable String group,
            @Nullable String condition,
            Retry retry,
            CircuitBreaker circuitBreaker,
            DeadLetters deadLetter) {

        static Settings of(SubscriptionSpec<?> spec) {
            Type type = spec.payloadType();
            return new Settings(
                    spec.patterns(),
                    type.getTypeName(),
                    spec.concurrency(),
                    spec.queueCapacity(),
                    spec.whenFull().name(),
                    spec.timeout(),
                    spec.autoStartup(),
                    spec.execution().name(),
                    spec.maxAbandoned(),
                    spec.ordering().name(),
                    spec.group(),
                    conditionOf(spec),
                    Retry.of(spec.retry()),
                    CircuitBreaker.of(spec),
                    new DeadLetters(spec.deadLetter(), spec.sequenced()));
        }
    }

    /** How failures are retried. */
    record Retry(
            boolean enabled,
            int maxAttempts,
            Duration waitDuration,
            double backoffMultiplier,
            Duration maxWaitDuration,
            double jitter,
            List<String> retryExceptions,
            List<String> ignoreExceptions) {

        static Retry of(RetryPolicy policy) {
            return new Retry(
                    policy.enabled(),
                    policy.maxAttempts(),
                    policy.waitDuration(),
                    policy.backoffMultiplier(),
                    policy.maxWaitDuration(),
                    policy.jitter(),
                    names(policy.retryExceptions()),
                    names(policy.ignoreExceptions()));
        }

        private static List<String> names(Set<Class<? extends Throwable>> types) {
            return types.stream().map(Class::getName).sorted().toList();
        }
    }

    /** The circuit breaker, with what is derived where nothing was set. */
    record CircuitBreaker(
            boolean enabled,
            String whenOpen,
            String slidingWindowType,
            int slidingWindowSize,
            int minimumNumberOfCalls,
            float failureRateThreshold,
            Duration slowCallDurationThreshold,
            float slowCallRateThreshold,
            Duration waitDurationInOpenState,
            int permittedNumberOfCallsInHalfOpenState,
            int maxProbes,
            String instanceName) {

        static CircuitBreaker of(SubscriptionSpec<?> spec) {
            BreakerPolicy policy = spec.circuitBreaker();
            Duration slow = policy.slowCallDurationThreshold();
            String name = policy.instanceName();
            return new CircuitBreaker(
                    policy.enabled(),
                    policy.whenOpen().name(),
                    policy.slidingWindowType().name(),
                    policy.slidingWindowSize(),
                    policy.minimumNumberOfCalls(),
                    policy.failureRateThreshold(),
                    slow == null ? spec.timeout().dividedBy(2) : slow,
                    policy.slowCallRateThreshold(),
                    policy.waitDurationInOpenState(),
                    policy.permittedNumberOfCallsInHalfOpenState(),
                    policy.maxProbes(),
                    name == null ? spec.id() : name);
        }
    }

    /** What becomes of finally failed copies. */
    record DeadLetters(boolean enabled, boolean sequenced) {}
}

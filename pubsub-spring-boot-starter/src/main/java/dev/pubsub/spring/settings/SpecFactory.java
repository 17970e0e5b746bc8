package dev.pubsub.spring.settings;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.Execution;
import dev.pubsub.RetryPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spring.diagnostics.StartupFailures;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes resolved settings a specification; the ranges are the core's, the name and origin of what breaks one are added.
 */
public final class SpecFactory {

    private static final int VIRTUAL_THREADS_SINCE = 21;

    private final SubscriptionSettings settings;
    private final String id;
    private final Set<String> annotated;
    private final String where;

    /**
     * For one subscription.
     *
     * @param annotated keys that its annotation sets
     * @param where the annotated method
     */
    public SpecFactory(SubscriptionSettings settings, String id, Set<String> annotated, String where) {
        this.settings = settings;
        this.id = id;
        this.annotated = annotated;
        this.where = where;
    }

    /** Checks what all subscriptions inherit, even where there is none to inherit it. */
    public static void checkDefaults(SubscriptionSettings settings) {
        SubscriptionSpec.Builder<Object> probe = SubscriptionSpec.builder("defaults", "defaults");
        SubscriptionProperties inherited = settings.inherited();
        inherited.getDeadLetter().setSequenced(false);
        new SpecFactory(settings, "<id>", Set.of(), "each subscription").apply(inherited, probe);
    }

    /** Puts the settings into the specification; id and patterns are there already. */
    public void apply(SubscriptionProperties from, SubscriptionSpec.Builder<?> to) {
        set("concurrency", "1", from.getConcurrency(), to::concurrency);
        set("queue-capacity", "1024", from.getQueueCapacity(), to::queueCapacity);
        set("when-full", "refuse", from.getWhenFull(), to::whenFull);
        set("timeout", "30s", from.getTimeout(), to::timeout);
        set("max-abandoned", "8", from.getMaxAbandoned(), to::maxAbandoned);
        set("execution", "auto", from.getExecution(), execution -> to.execution(available(execution)));
        to.autoStartup(from.isAutoStartup())
                .ordering(from.getOrdering())
                .deadLetter(from.getDeadLetter().isEnabled())
                .sequenced(from.getDeadLetter().isSequenced())
                .retry(retry(from.getRetry()))
                .circuitBreaker(breaker(from.getCircuitBreaker()));
        if (from.getGroup() != null) {
            set("group", id, from.getGroup(), to::group);
        }
    }

    /** Builds it; what contradicts is a failure of the setting that asks for more. */
    public <T> SubscriptionSpec<T> build(SubscriptionSpec.Builder<T> builder) {
        return check("dead-letter.sequenced", "false", builder::build);
    }

    private RetryPolicy retry(SubscriberProperties.Retry from) {
        RetryPolicy.Builder to = RetryPolicy.builder().enabled(from.isEnabled());
        set("retry.max-attempts", "3", from.getMaxAttempts(), to::maxAttempts);
        set("retry.wait-duration", "200ms", from.getWaitDuration(), to::waitDuration);
        set("retry.backoff-multiplier", "2.0", from.getBackoffMultiplier(), to::backoffMultiplier);
        set("retry.max-wait-duration", "10s", from.getMaxWaitDuration(), to::maxWaitDuration);
        set("retry.jitter", "0.5", from.getJitter(), to::jitter);
        to.retryExceptions(throwables("retry.retry-exceptions", from.getRetryExceptions()));
        to.ignoreExceptions(throwables("retry.ignore-exceptions", from.getIgnoreExceptions()));
        return check("retry.max-wait-duration", "10s", to::build);
    }

    private BreakerPolicy breaker(SubscriberProperties.CircuitBreaker from) {
        BreakerPolicy.Builder to = BreakerPolicy.builder().enabled(from.isEnabled());
        String prefix = "circuit-breaker.";
        to.whenOpen(from.getWhenOpen()).slidingWindowType(from.getSlidingWindowType());
        set(prefix + "sliding-window-size", "100", from.getSlidingWindowSize(), to::slidingWindowSize);
        set(prefix + "minimum-number-of-calls", "20", from.getMinimumNumberOfCalls(), to::minimumNumberOfCalls);
        set(prefix + "failure-rate-threshold", "50", from.getFailureRateThreshold(), to::failureRateThreshold);
        if (from.getSlowCallDurationThreshold() != null) {
            set(
                    prefix + "slow-call-duration-threshold",
                    "15s",
                    from.getSlowCallDurationThreshold(),
                    to::slowCallDurationThreshold);
        }
        set(prefix + "slow-call-rate-threshold", "100", from.getSlowCallRateThreshold(), to::slowCallRateThreshold);
        set(
                prefix + "wait-duration-in-open-state",
                "30s",
                from.getWaitDurationInOpenState(),
                to::waitDurationInOpenState);
        set(
                prefix + "permitted-number-of-calls-in-half-open-state",
                "3",
                from.getPermittedNumberOfCallsInHalfOpenState(),
                to::permittedNumberOfCallsInHalfOpenState);
        set(prefix + "max-probes", "100", from.getMaxProbes(), to::maxProbes);
        if (from.getInstanceName() != null) {
            set(prefix + "instance-name", id, from.getInstanceName(), to::instanceName);
        }
        return check(prefix + "enabled", "false", to::build);
    }

    private Set<Class<? extends Throwable>> throwables(String key, List<Class<? extends Throwable>> types) {
        for (Class<?> type : types) {
            if (!Throwable.class.isAssignableFrom(type)) {
                throw invalid(key, "java.io.IOException", type.getName() + " is no exception", null);
            }
        }
        return new LinkedHashSet<>(types);
    }

    private Execution available(Execution execution) {
        if (execution == Execution.VIRTUAL && Runtime.version().feature() < VIRTUAL_THREADS_SINCE) {
            SubscriptionSettings.Origin origin = originOf("execution");
            throw StartupFailures.noVirtualThreads(origin.property(), origin.place());
        }
        return execution;
    }

    private <V> void set(String key, String example, V value, Consumer<V> setter) {
        if (value == null) {
            throw invalid(key, example, "it is empty", null);
        }
        check(key, example, () -> {
            setter.accept(value);
            return value;
        });
    }

    private <V> V check(String key, String example, Supplier<V> step) {
        try {
            return step.get();
        } catch (IllegalArgumentException e) {
            throw invalid(key, example, String.valueOf(e.getMessage()), e);
        }
    }

    private RuntimeException invalid(String key, String example, String problem, @Nullable Throwable cause) {
        SubscriptionSettings.Origin origin = originOf(key);
        return StartupFailures.invalidSetting(origin.property(), origin.place(), problem, example, cause);
    }

    private SubscriptionSettings.Origin originOf(String key) {
        return settings.originOf(id, key, annotated.contains(key), where);
    }
}

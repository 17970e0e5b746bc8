package dev.pubsub.spring.settings;

import dev.pubsub.BreakerPolicy.WindowType;
import dev.pubsub.Execution;
import dev.pubsub.WhenFull;
import dev.pubsub.WhenOpen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/** Settings that every subscription starts from. */
public class SubscriberProperties {

    /** How many attempts of one subscription may run at once. */
    private int concurrency = 1;

    /** How many copies a subscription may hold unsettled, beside those that its attempts hold. */
    private int queueCapacity = 1024;

    /** What happens when a subscription has no place left for its copy. */
    private WhenFull whenFull = WhenFull.REFUSE;

    /** How long an attempt may take. */
    private Duration timeout = Duration.ofSeconds(30);

    /** Whether a subscription takes copies from the start. Otherwise it is stopped until it is resumed. */
    private boolean autoStartup = true;

    /** On which kind of thread handlers run. "auto" follows spring.threads.virtual.enabled. */
    private Execution execution = Execution.AUTO;

    /** How many handlers may run on after their deadlines before their subscription is quarantined. */
    private int maxAbandoned = 8;

    @NestedConfigurationProperty
    private final Retry retry = new Retry();

    @NestedConfigurationProperty
    private final CircuitBreaker circuitBreaker = new CircuitBreaker();

    @NestedConfigurationProperty
    private final DeadLetter deadLetter = new DeadLetter();

    public int getConcurrency() {
        return concurrency;
    }

    public void setConcurrency(int concurrency) {
        this.concurrency = concurrency;
    }

    public int getQueueCapacity() {
        return queueCapacity;
    }

    public void setQueueCapacity(int queueCapacity) {
        this.queueCapacity = queueCapacity;
    }

    public WhenFull getWhenFull() {
        return whenFull;
    }

    public void setWhenFull(WhenFull whenFull) {
        this.whenFull = whenFull;
    }

    public Duration getTimeout() {
        return timeout;
    }

    public void setTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    public boolean isAutoStartup() {
        return autoStartup;
    }

    public void setAutoStartup(boolean autoStartup) {
        this.autoStartup = autoStartup;
    }

    public Execution getExecution() {
        return execution;
    }

    public void setExecution(Execution execution) {
        this.execution = execution;
    }

    public int getMaxAbandoned() {
        return maxAbandoned;
    }

    public void setMaxAbandoned(int maxAbandoned) {
        this.maxAbandoned = maxAbandoned;
    }

    public Retry getRetry() {
        return retry;
    }

    public CircuitBreaker getCircuitBreaker() {
        return circuitBreaker;
    }

    public DeadLetter getDeadLetter() {
        return deadLetter;
    }

    /** How failures are retried. */
    public static class Retry {

        /** Whether failures are retried. */
        private boolean enabled = true;

        /** How many attempts there are in all, the first included. */
        private int maxAttempts = 3;

        /** How long to wait before the second attempt. */
        private Duration waitDuration = Duration.ofMillis(200);

        /** By what each wait is longer than the one before. */
        private double backoffMultiplier = 2.0;

        /** How long to wait at most. */
        private Duration maxWaitDuration = Duration.ofSeconds(10);

        /** By which share of itself a wait varies at random, from 0 to 1. */
        private double jitter = 0.5;

        /** Exceptions, with their subclasses, that alone are retried. Empty means every exception. */
        private List<Class<? extends Throwable>> retryExceptions = new ArrayList<>();

        /** Exceptions, with their subclasses, that are not retried. These win over retry-exceptions. */
        private List<Class<? extends Throwable>> ignoreExceptions = new ArrayList<>();

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        public int getMaxAttempts() {
            return maxAttempts;
        }

        public void setMaxAttempts(int maxAttempts) {
            this.maxAttempts = maxAttempts;
        }

        public Duration getWaitDuration() {
            return waitDuration;
        }

        public void setWaitDuration(Duration waitDuration) {
            this.waitDuration = waitDuration;
        }

        public double getBackoffMultiplier() {
            return backoffMultiplier;
        }

        public void setBackoffMultiplier(double backoffMultiplier) {
            this.backoffMultiplier = backoffMultiplier;
        }

        public Duration getMaxWaitDuration() {
            return maxWaitDuration;
        }

        public void setMaxWaitDuration(Duration maxWaitDuration) {
            this.maxWaitDuration = maxWaitDuration;
        }

        public double getJitter() {
            return jitter;
        }

        public void setJitter(double jitter) {
            this.jitter = jitter;
        }

        public List<Class<? extends Throwable>> getRetryExceptions() {
            return retryExceptions;
        }

        public void setRetryExceptions(List<Class<? extends Throwable>> retryExceptions) {
            this.retryExceptions = retryExceptions;
        }

        public List<Class<? extends Throwable>> getIgnoreExceptions() {
            return ignoreExceptions;
        }

        public void setIgnoreExceptions(List<Class<? extends Throwable>> ignoreExceptions) {
            this.ignoreExceptions = ignoreExceptions;
        }
    }

    /** A subscription's circuit breaker, in the terms of Resilience4j. */
    public static class CircuitBreaker {

        /** Whether a subscription has a circuit breaker. */
        private boolean enabled = true;

        /** What happens to copies while the circuit breaker is open. */
        private WhenOpen whenOpen = WhenOpen.PAUSE;

        /** What the window over the latest attempts is measured in. */
        private WindowType slidingWindowType = WindowType.COUNT_BASED;

        /** Size of the window, in attempts or seconds. */
        private int slidingWindowSize = 100;

        /** How many attempts the window must hold before a rate is computed. */
        private int minimumNumberOfCalls = 20;

        /** From which share of failed attempts on the circuit breaker opens, in percent. */
        private float failureRateThreshold = 50;

        /** From how long on an attempt counts as slow. Default is half of the timeout. */
        private @Nullable Duration slowCallDurationThreshold;

        /** From which share of slow attempts on the circuit breaker opens, in percent. */
        private float slowCallRateThreshold = 100;

        /** How long the circuit breaker stays open before the first probe. */
        private Duration waitDurationInOpenState = Duration.ofSeconds(30);

        /** How many probes decide whether the circuit breaker closes. */
        private int permittedNumberOfCallsInHalfOpenState = 3;

        /** How often one copy may serve as a probe before it becomes a dead letter. */
        private int maxProbes = 100;

        /** Name of the instance or configuration in Resilience4j's registry. Default is the subscription's id. */
        private @Nullable String instanceName;

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        public WhenOpen getWhenOpen() {
            return whenOpen;
        }

        public void setWhenOpen(WhenOpen whenOpen) {
            this.whenOpen = whenOpen;
        }

        public WindowType getSlidingWindowType() {
            return slidingWindowType;
        }

        public void setSlidingWindowType(WindowType slidingWindowType) {
            this.slidingWindowType = slidingWindowType;
        }

        public int getSlidingWindowSize() {
            return slidingWindowSize;
        }

        public void setSlidingWindowSize(int slidingWindowSize) {
            this.slidingWindowSize = slidingWindowSize;
        }

        public int getMinimumNumberOfCalls() {
            return minimumNumberOfCalls;
        }

        public void setMinimumNumberOfCalls(int minimumNumberOfCalls) {
            this.minimumNumberOfCalls = minimumNumberOfCalls;
        }

        public float getFailureRateThreshold() {
            return failureRateThreshold;
        }

        public void setFailureRateThreshold(float failureRateThreshold) {
            this.failureRateThreshold = failureRateThreshold;
        }

        public @Nullable Duration getSlowCallDurationThreshold() {
            return slowCallDurationThreshold;
        }

        public void setSlowCallDurationThreshold(@Nullable Duration slowCallDurationThreshold) {
            this.slowCallDurationThreshold = slowCallDurationThreshold;
        }

        public float getSlowCallRateThreshold() {
            return slowCallRateThreshold;
        }

        public void setSlowCallRateThreshold(float slowCallRateThreshold) {
            this.slowCallRateThreshold = slowCallRateThreshold;
        }

        public Duration getWaitDurationInOpenState() {
            return waitDurationInOpenState;
        }

        public void setWaitDurationInOpenState(Duration waitDurationInOpenState) {
            this.waitDurationInOpenState = waitDurationInOpenState;
        }

        public int getPermittedNumberOfCallsInHalfOpenState() {
            return permittedNumberOfCallsInHalfOpenState;
        }

        public void setPermittedNumberOfCallsInHalfOpenState(int permittedNumberOfCallsInHalfOpenState) {
            this.permittedNumberOfCallsInHalfOpenState = permittedNumberOfCallsInHalfOpenState;
        }

        public int getMaxProbes() {
            return maxProbes;
        }

        public void setMaxProbes(int maxProbes) {
            this.maxProbes = maxProbes;
        }

        public @Nullable String getInstanceName() {
            return instanceName;
        }

        public void setInstanceName(@Nullable String instanceName) {
            this.instanceName = instanceName;
        }
    }

    /** What becomes of copies that finally failed. */
    public static class DeadLetter {

        /** Whether finally failed copies are kept as dead letters. Otherwise they are discarded, counted and logged. */
        private boolean enabled = true;

        /** Whether new copies of a key that has dead letters are appended behind them. Needs an ordering. */
        private boolean sequenced;

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        public boolean isSequenced() {
            return sequenced;
        }

        public void setSequenced(boolean sequenced) {
            this.sequenced = sequenced;
        }
    }
}

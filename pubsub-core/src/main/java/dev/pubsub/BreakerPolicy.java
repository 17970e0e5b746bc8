package dev.pubsub;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A subscription's circuit breaker, in the terms of Resilience4j. Immutable. */
public final class BreakerPolicy {

    /** What the window over the latest attempts is measured in. */
    public enum WindowType {
        /** The last {@code slidingWindowSize} attempts. */
        COUNT_BASED,
        /** The attempts of the last {@code slidingWindowSize} seconds. */
        TIME_BASED
    }

    private static final BreakerPolicy DEFAULT = builder().build();
    private static final BreakerPolicy DISABLED = builder().enabled(false).build();

    private final boolean enabled;
    private final WhenOpen whenOpen;
    private final WindowType slidingWindowType;
    private final int slidingWindowSize;
    private final int minimumNumberOfCalls;
    private final float failureRateThreshold;
    private final @Nullable Duration slowCallDurationThreshold;
    private final float slowCallRateThreshold;
    private final Duration waitDurationInOpenState;
    private final int permittedNumberOfCallsInHalfOpenState;
    private final int maxProbes;
    private final @Nullable String instanceName;

    private BreakerPolicy(Builder builder) {
        this.enabled = builder.enabled;
        this.whenOpen = builder.whenOpen;
        this.slidingWindowType = builder.slidingWindowType;
        this.slidingWindowSize = builder.slidingWindowSize;
        this.minimumNumberOfCalls = builder.minimumNumberOfCalls;
        this.failureRateThreshold = builder.failureRateThreshold;
        this.slowCallDurationThreshold = builder.slowCallDurationThreshold;
        this.slowCallRateThreshold = builder.slowCallRateThreshold;
        this.waitDurationInOpenState = builder.waitDurationInOpenState;
        this.permittedNumberOfCallsInHalfOpenState = builder.permittedNumberOfCallsInHalfOpenState;
        this.maxProbes = builder.maxProbes;
        this.instanceName = builder.instanceName;
    }

    /** A window of 100 attempts, open for 30 s where half of at least 20 failed. */
    public static BreakerPolicy defaults() {
        return DEFAULT;
    }

    /** No circuit breaker. */
    public static BreakerPolicy disabled() {
        return DISABLED;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether there is a circuit breaker. */
    public boolean enabled() {
        return enabled;
    }

    /** What happens to copies while it is open. */
    public WhenOpen whenOpen() {
        return whenOpen;
    }

    /** What the window is measured in. */
    public WindowType slidingWindowType() {
        return slidingWindowType;
    }

    /** Attempts, or seconds. */
    public int slidingWindowSize() {
        return slidingWindowSize;
    }

    /** Attempts in the window before a rate is computed. */
    public int minimumNumberOfCalls() {
        return minimumNumberOfCalls;
    }

    /** Percent. */
    public float failureRateThreshold() {
        return failureRateThreshold;
    }

    /** From how long on an attempt counts as slow; null: half of the subscription's timeout. */
    public @Nullable Duration slowCallDurationThreshold() {
        return slowCallDurationThreshold;
    }

    /** Percent. */
    public float slowCallRateThreshold() {
        return slowCallRateThreshold;
    }

    /** How long it stays open before the first probe. */
    public Duration waitDurationInOpenState() {
        return waitDurationInOpenState;
    }

    /** Probes whose results decide whether it closes. */
    public int permittedNumberOfCallsInHalfOpenState() {
        return permittedNumberOfCallsInHalfOpenState;
    }

    /** How often one copy may serve as a probe before it is dead-lettered. */
    public int maxProbes() {
        return maxProbes;
    }

    /** Its name in Resilience4j's registry; null: the subscription's id. */
    public @Nullable String instanceName() {
        return instanceName;
    }

    @Override
    public String toString() {
        return "BreakerPolicy[enabled=" + enabled + ", whenOpen=" + whenOpen + ", slidingWindow=" + slidingWindowSize
                + " "
                + slidingWindowType + ", minimumNumberOfCalls=" + minimumNumberOfCalls + ", failureRateThreshold="
                + failureRateThreshold + ", slowCallDurationThreshold=" + slowCallDurationThreshold
                + ", slowCallRateThreshold=" + slowCallRateThreshold + ", waitDurationInOpenState="
                + waitDurationInOpenState + ", permittedNumberOfCallsInHalfOpenState="
                + permittedNumberOfCallsInHalfOpenState + ", maxProbes=" + maxProbes + ", instanceName=" + instanceName
                + "]";
    }

    /** Builds a {@link BreakerPolicy}; each setter throws {@link IllegalArgumentException} for what is out of range. */
    public static final class Builder {

        private boolean enabled = true;
        private WhenOpen whenOpen = WhenOpen.PAUSE;
        private WindowType slidingWindowType = WindowType.COUNT_BASED;
        private int slidingWindowSize = 100;
        private int minimumNumberOfCalls = 20;
        private float failureRateThreshold = 50;
        private @Nullable Duration slowCallDurationThreshold;
        private float slowCallRateThreshold = 100;
        private Duration waitDurationInOpenState = Duration.ofSeconds(30);
        private int permittedNumberOfCallsInHalfOpenState = 3;
        private int maxProbes = 100;
        private @Nullable String instanceName;

        private Builder() {}

        /** Default: true. */
        public Builder enabled(boolean enabled) {
            this.enabled = enabled;
            return this;
        }

        /** Default: {@link WhenOpen#PAUSE}. */
        public Builder whenOpen(WhenOpen whenOpen) {
            this.whenOpen = Objects.requireNonNull(whenOpen, "circuit-breaker.when-open");
            return this;
        }

        /** Default: {@link WindowType#COUNT_BASED}. */
        public Builder slidingWindowType(WindowType slidingWindowType) {
            this.slidingWindowType = Objects.requireNonNull(slidingWindowType, "circuit-breaker.sliding-window-type");
            return this;
        }

        /** 1 to 100,000; default 100. */
        public Builder slidingWindowSize(int slidingWindowSize) {
            this.slidingWindowSize = Limits.range("circuit-breaker.sliding-window-size", slidingWindowSize, 1, 100_000);
            return this;
        }

        /** 1 to 100,000; default 20. In a window by count, at most the window's size has an effect. */
        public Builder minimumNumberOfCalls(int minimumNumberOfCalls) {
            this.minimumNumberOfCalls =
                    Limits.range("circuit-breaker.minimum-number-of-calls", minimumNumberOfCalls, 1, 100_000);
            return this;
        }

        /** Percent, above 0 to 100; default 50. */
        public Builder failureRateThreshold(float percent) {
            this.failureRateThreshold = Limits.percent("circuit-breaker.failure-rate-threshold", percent);
            return this;
        }

        /** Default: null, which means half of the subscription's timeout. */
        public Builder slowCallDurationThreshold(@Nullable Duration slowCallDurationThreshold) {
            this.slowCallDurationThreshold = slowCallDurationThreshold == null
                    ? null
                    : Limits.duration("circuit-breaker.slow-call-duration-threshold", slowCallDurationThreshold);
            return this;
        }

        /** Percent, above 0 to 100; default 100. */
        public Builder slowCallRateThreshold(float percent) {
            this.slowCallRateThreshold = Limits.percent("circuit-breaker.slow-call-rate-threshold", percent);
            return this;
        }

        /** 1 ms to 365 days; default 30 s. */
        public Builder waitDurationInOpenState(Duration waitDurationInOpenState) {
            this.waitDurationInOpenState =
                    Limits.duration("circuit-breaker.wait-duration-in-open-state", waitDurationInOpenState);
            return this;
        }

        /** 1 to 10,000; default 3. */
        public Builder permittedNumberOfCallsInHalfOpenState(int permitted) {
            this.permittedNumberOfCallsInHalfOpenState =
                    Limits.range("circuit-breaker.permitted-number-of-calls-in-half-open-state", permitted, 1, 10_000);
            return this;
        }

        /** 1 to 1,000,000; default 100. */
        public Builder maxProbes(int maxProbes) {
            this.maxProbes = Limits.range("circuit-breaker.max-probes", maxProbes, 1, 1_000_000);
            return this;
        }

        /** Default: null, which means the subscription's id. */
        public Builder instanceName(@Nullable String instanceName) {
            if (instanceName != null && instanceName.isBlank()) {
                throw new IllegalArgumentException("circuit-breaker.instance-name is blank");
            }
            this.instanceName = instanceName;
            return this;
        }

        /** The policy. */
        public BreakerPolicy build() {
            return new BreakerPolicy(this);
        }
    }
}

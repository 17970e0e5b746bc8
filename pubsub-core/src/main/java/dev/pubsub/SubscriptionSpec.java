package dev.pubsub;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription is: an id, the patterns of its topics, and its settings. Immutable.
 *
 * @param <T> type of the payload that its handler takes
 */
public final class SubscriptionSpec<T> {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final String id;
    private final List<String> patterns;
    private final Type payloadType;
    private final int concurrency;
    private final int queueCapacity;
    private final Duration timeout;
    private final Ordering ordering;
    private final @Nullable Predicate<? super Message<?>> condition;
    private final RetryPolicy retry;
    private final BreakerPolicy circuitBreaker;
    private final boolean deadLetter;
    private final boolean sequenced;
    private final WhenFull whenFull;
    private final Execution execution;
    private final int maxAbandoned;
    private final @Nullable String group;
    private final boolean autoStartup;

    private SubscriptionSpec(Builder<?> builder) {
        this.id = builder.id;
        this.patterns = builder.patterns;
        this.payloadType = builder.payloadType;
        this.concurrency = builder.concurrency;
        this.queueCapacity = builder.queueCapacity;
        this.timeout = builder.timeout;
        this.ordering = builder.ordering;
        this.condition = builder.condition;
        this.retry = builder.retry;
        this.circuitBreaker = builder.circuitBreaker;
        this.deadLetter = builder.deadLetter;
        this.sequenced = builder.sequenced;
        this.whenFull = builder.whenFull;
        this.execution = builder.execution;
        this.maxAbandoned = builder.maxAbandoned;
        this.group = builder.group;
        this.autoStartup = builder.autoStartup;
    }

    /**
     * A builder with the built-in defaults.
     *
     * @param id 1 to 100 of {@code [A-Za-z0-9._-]}, the first a letter or digit
     * @param patterns topics, in which {@code *} stands for one segment and a last {@code **} for zero or more
     * @throws IllegalArgumentException if the id or a pattern breaks its rule, or there is no pattern
     */
    public static Builder<Object> builder(String id, String... patterns) {
        return new Builder<>(id, List.of(Objects.requireNonNull(patterns, "patterns")));
    }

    /** The id. */
    public String id() {
        return id;
    }

    /** The patterns, without repetition; at least one. */
    public List<String> patterns() {
        return patterns;
    }

    /** What the payload is converted to before the handler is called. */
    public Type payloadType() {
        return payloadType;
    }

    /** How many attempts may run at once. */
    public int concurrency() {
        return concurrency;
    }

    /** With {@link #concurrency}, how many copies may be unsettled at once. */
    public int queueCapacity() {
        return queueCapacity;
    }

    /** How long an attempt may take. */
    public Duration timeout() {
        return timeout;
    }

    /** What is handled one at a time. */
    public Ordering ordering() {
        return ordering;
    }

    /** Which messages it takes at all; null: all. Evaluated before acceptance, on the publisher's thread. */
    public @Nullable Predicate<? super Message<?>> condition() {
        return condition;
    }

    /** How failures are retried. */
    public RetryPolicy retry() {
        return retry;
    }

    /** The circuit breaker. */
    public BreakerPolicy circuitBreaker() {
        return circuitBreaker;
    }

    /** Whether what finally failed is kept as a dead letter; otherwise it is discarded, counted and logged. */
    public boolean deadLetter() {
        return deadLetter;
    }

    /** Whether new copies of a key that has dead letters are appended behind them. */
    public boolean sequenced() {
        return sequenced;
    }

    /** What happens when there is no place left. */
    public WhenFull whenFull() {
        return whenFull;
    }

    /** On which kind of thread the handler runs. */
    public Execution execution() {
        return execution;
    }

    /** How many handlers may run on after their deadlines before the subscription is quarantined. */
    public int maxAbandoned() {
        return maxAbandoned;
    }

    /** The consumer group on a broker; null: the id. */
    public @Nullable String group() {
        return group;
    }

    /** Whether it takes copies from the start. */
    public boolean autoStartup() {
        return autoStartup;
    }

    @Override
    public String toString() {
        return "SubscriptionSpec[id=" + id + ", patterns=" + patterns + ", payloadType=" + payloadType.getTypeName()
                + ", concurrency=" + concurrency + ", queueCapacity=" + queueCapacity + ", timeout=" + timeout
                + ", ordering=" + ordering + ", retry=" + retry + ", circuitBreaker=" + circuitBreaker + ", deadLetter="
                + deadLetter + ", sequenced=" + sequenced + ", whenFull=" + whenFull + ", execution=" + execution
                + ", maxAbandoned=" + maxAbandoned + ", group=" + group + ", autoStartup=" + autoStartup + "]";
    }

    /**
     * Builds a {@link SubscriptionSpec}; each setter throws {@link IllegalArgumentException} for what is out of range.
     *
     * @param <T> type of the payload that the handler takes
     */
    public static final class Builder<T> {

        private final String id;
        private final List<String> patterns;
        private Type payloadType = Object.class;
        private int concurrency = 1;
        private int queueCapacity = 1024;
        private Duration timeout = DEFAULT_TIMEOUT;
        private Ordering ordering = Ordering.NONE;
        private @Nullable Predicate<? super Message<?>> condition;
        private RetryPolicy retry = RetryPolicy.defaults();
        private BreakerPolicy circuitBreaker = BreakerPolicy.defaults();
        private boolean deadLetter = true;
        private boolean sequenced;
        private WhenFull whenFull = WhenFull.REFUSE;
        private Execution execution = Execution.AUTO;
        private int maxAbandoned = 8;
        private @Nullable String group;
        private boolean autoStartup = true;

        private Builder(String id, List<String> patterns) {
            this.id = Names.requireSubscriptionId(id);
            this.patterns = Names.requirePatterns(id, patterns);
        }

        /** What the handler takes; default Object, which means no conversion. */
        @SuppressWarnings("unchecked")
        public <U> Builder<U> payloadType(Class<U> type) {
            this.payloadType = Objects.requireNonNull(type, "payloadType");
            return (Builder<U>) this;
        }

        /** What the handler takes, where a class cannot say it, for example {@code List<Order>}. */
        @SuppressWarnings("unchecked")
        public <U> Builder<U> payloadType(Type type) {
            this.payloadType = Objects.requireNonNull(type, "payloadType");
            return (Builder<U>) this;
        }

        /** 1 to 10,000; default 1. */
        public Builder<T> concurrency(int concurrency) {
            this.concurrency = Limits.range(setting("concurrency"), concurrency, 1, 10_000);
            return this;
        }

        /** 1 to 10,000,000; default 1,024. */
        public Builder<T> queueCapacity(int queueCapacity) {
            this.queueCapacity = Limits.range(setting("queue-capacity"), queueCapacity, 1, 10_000_000);
            return this;
        }

        /** 1 ms to 365 days; default 30 s. */
        public Builder<T> timeout(Duration timeout) {
            this.timeout = Limits.duration(setting("timeout"), timeout);
            return this;
        }

        /** Default: {@link Ordering#NONE}. */
        public Builder<T> ordering(Ordering ordering) {
            this.ordering = Objects.requireNonNull(ordering, "ordering");
            return this;
        }

        /** Default: null, which means all messages. Must not block; runs on publishers' threads. */
        public Builder<T> condition(@Nullable Predicate<? super Message<?>> condition) {
            this.condition = condition;
            return this;
        }

        /** Default: {@link RetryPolicy#defaults()}. */
        public Builder<T> retry(RetryPolicy retry) {
            this.retry = Objects.requireNonNull(retry, "retry");
            return this;
        }

        /** Default: {@link BreakerPolicy#defaults()}. */
        public Builder<T> circuitBreaker(BreakerPolicy circuitBreaker) {
            this.circuitBreaker = Objects.requireNonNull(circuitBreaker, "circuitBreaker");
            return this;
        }

        /** Default: true. */
        public Builder<T> deadLetter(boolean deadLetter) {
            this.deadLetter = deadLetter;
            return this;
        }

        /** Default: false. Needs dead letters and an ordering. */
        public Builder<T> sequenced(boolean sequenced) {
            this.sequenced = sequenced;
            return this;
        }

        /** Default: {@link WhenFull#REFUSE}. */
        public Builder<T> whenFull(WhenFull whenFull) {
            this.whenFull = Objects.requireNonNull(whenFull, "whenFull");
            return this;
        }

        /** Default: {@link Execution#AUTO}. */
        public Builder<T> execution(Execution execution) {
            this.execution = Objects.requireNonNull(execution, "execution");
            return this;
        }

        /** 1 to 10,000; default 8. */
        public Builder<T> maxAbandoned(int maxAbandoned) {
            this.maxAbandoned = Limits.range(setting("max-abandoned"), maxAbandoned, 1, 10_000);
            return this;
        }

        /** Default: null, which means the id. */
        public Builder<T> group(@Nullable String group) {
            if (group != null && group.isBlank()) {
                throw new IllegalArgumentException(setting("group") + " is blank");
            }
            this.group = group;
            return this;
        }

        /** Default: true. */
        public Builder<T> autoStartup(boolean autoStartup) {
            this.autoStartup = autoStartup;
            return this;
        }

        /**
         * The specification.
         *
         * @throws IllegalArgumentException if settings contradict each other
         */
        public SubscriptionSpec<T> build() {
            if (sequenced && ordering == Ordering.NONE) {
                throw new IllegalArgumentException(setting("dead-letter.sequenced")
                        + " is true, but there is no order to keep: set ordering to KEY or TOPIC");
            }
            if (sequenced && !deadLetter) {
                throw new IllegalArgumentException(setting("dead-letter.sequenced")
                        + " is true, but dead-letter.enabled is false: enable dead letters, or leave sequenced out");
            }
            return new SubscriptionSpec<>(this);
        }

        private String setting(String name) {
            return "Subscription '" + id + "': " + name;
        }
    }
}

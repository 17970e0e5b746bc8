package dev.pubsub;

import org.jspecify.annotations.Nullable;

/** Which dead letters are meant: those that match every filter that is set. Immutable. */
public final class DeadLetterQuery {

    /** As a fingerprint filter: dead letters without one, since they had no exception. */
    public static final String NO_FINGERPRINT = "none";

    private static final DeadLetterQuery ALL = builder().build();

    private final @Nullable String subscription;
    private final DeadLetter.@Nullable Reason reason;
    private final @Nullable String fingerprint;
    private final int limit;
    private final int offset;

    private DeadLetterQuery(Builder builder) {
        this.subscription = builder.subscription;
        this.reason = builder.reason;
        this.fingerprint = builder.fingerprint;
        this.limit = builder.limit;
        this.offset = builder.offset;
    }

    /** Every dead letter. */
    public static DeadLetterQuery all() {
        return ALL;
    }

    /** A builder without filters. */
    public static Builder builder() {
        return new Builder();
    }

    /** Of this subscription; null: of any. */
    public @Nullable String subscription() {
        return subscription;
    }

    /** For this reason; null: for any. */
    public DeadLetter.@Nullable Reason reason() {
        return reason;
    }

    /** With this fingerprint; {@link #NO_FINGERPRINT}: without one; null: with any or none. */
    public @Nullable String fingerprint() {
        return fingerprint;
    }

    /** How many at most. */
    public int limit() {
        return limit;
    }

    /** How many of the first to pass over. */
    public int offset() {
        return offset;
    }

    /** Whether any filter is set; limit and offset are none. */
    public boolean hasFilter() {
        return subscription != null || reason != null || fingerprint != null;
    }

    /** Whether this dead letter matches the filters. */
    public boolean matches(DeadLetter letter) {
        return (subscription == null || subscription.equals(letter.subscriptionId()))
                && (reason == null || reason == letter.reason())
                && (fingerprint == null || fingerprint.equals(fingerprintOf(letter)));
    }

    private static String fingerprintOf(DeadLetter letter) {
        String fingerprint = letter.fingerprint();
        return fingerprint == null ? NO_FINGERPRINT : fingerprint;
    }

    @Override
    public String toString() {
        return "DeadLetterQuery[subscription=" + subscription + ", reason=" + reason + ", fingerprint=" + fingerprint
                + ", limit=" + limit + ", offset=" + offset + "]";
    }

    /** Builds a {@link DeadLetterQuery}. */
    public static final class Builder {

        private @Nullable String subscription;
        private DeadLetter.@Nullable Reason reason;
        private @Nullable String fingerprint;
        private int limit = Integer.MAX_VALUE;
        private int offset;

        private Builder() {}

        /** Of this subscription. */
        public Builder subscription(@Nullable String subscription) {
            this.subscription = subscription;
            return this;
        }

        /** For this reason. */
        public Builder reason(DeadLetter.@Nullable Reason reason) {
            this.reason = reason;
            return this;
        }

        /** With this fingerprint; {@link DeadLetterQuery#NO_FINGERPRINT}: without one. */
        public Builder fingerprint(@Nullable String fingerprint) {
            this.fingerprint = fingerprint;
            return this;
        }

        /**
         * Default: no limit.
         *
         * @throws IllegalArgumentException if below 1
         */
        public Builder limit(int limit) {
            this.limit = Limits.range("limit", limit, 1, Integer.MAX_VALUE);
            return this;
        }

        /**
         * Default: 0.
         *
         * @throws IllegalArgumentException if below 0
         */
        public Builder offset(int offset) {
            this.offset = Limits.range("offset", offset, 0, Integer.MAX_VALUE);
            return this;
        }

        /** The query. */
        public DeadLetterQuery build() {
            return new DeadLetterQuery(this);
        }
    }
}

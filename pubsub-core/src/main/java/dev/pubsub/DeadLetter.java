package dev.pubsub;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a message that could not be handled, and why. Immutable; {@code toString} shows no payload and no text of
 * an exception.
 */
public final class DeadLetter {

    /** Why a copy became a dead letter. */
    public enum Reason {
        /** The handler failed, and was not to be called again. */
        FAILURE,
        /** An attempt exceeded its deadline. */
        TIMEOUT,
        /** The handler threw an {@link Error}. */
        PANIC,
        /** The circuit breaker was open, or the copy was probed too often. */
        CIRCUIT_OPEN,
        /** The handler rejected it. */
        REJECTED,
        /** The payload could not be converted, or the condition failed. */
        UNDELIVERABLE,
        /** There was no place for it. */
        OVERFLOW,
        /** Its subscription was quarantined. */
        QUARANTINED,
        /** Its key has older dead letters. */
        SEQUENCED
    }

    private final String id;
    private final String subscriptionId;
    private final Message<?> message;
    private final Reason reason;
    private final int attempts;
    private final @Nullable String exceptionType;
    private final @Nullable String exceptionMessage;
    private final @Nullable String stackTrace;
    private final @Nullable String fingerprint;
    private final Instant failedAt;
    private final int replays;

    private DeadLetter(Builder builder) {
        this.id = Objects.requireNonNull(builder.id, "id");
        this.subscriptionId = builder.subscriptionId;
        this.message = builder.message;
        this.reason = builder.reason;
        this.attempts = builder.attempts;
        this.exceptionType = builder.exceptionType;
        this.exceptionMessage = builder.exceptionMessage;
        this.stackTrace = builder.stackTrace;
        this.fingerprint = builder.fingerprint;
        this.failedAt = Objects.requireNonNull(builder.failedAt, "failedAt");
        this.replays = builder.replays;
    }

    /** A builder, for stores of dead letters; id and time of failure must be set. */
    public static Builder builder(String subscriptionId, Message<?> message, Reason reason) {
        return new Builder(subscriptionId, message, reason);
    }

    /** A builder with the values of this one. */
    public Builder toBuilder() {
        Builder builder = new Builder(subscriptionId, message, reason);
        builder.id = id;
        builder.attempts = attempts;
        builder.exceptionType = exceptionType;
        builder.exceptionMessage = exceptionMessage;
        builder.stackTrace = stackTrace;
        builder.fingerprint = fingerprint;
        builder.failedAt = failedAt;
        builder.replays = replays;
        return builder;
    }

    /** The dead letter's own id; it stays when a replay fails again. */
    public String id() {
        return id;
    }

    /** Whose copy it is. */
    public String subscriptionId() {
        return subscriptionId;
    }

    /** The message, as it was published. */
    public Message<?> message() {
        return message;
    }

    /** Why it is here. */
    public Reason reason() {
        return reason;
    }

    /** How often the handler was called since acceptance or the latest replay. */
    public int attempts() {
        return attempts;
    }

    /** The class of the latest exception; null where there was none. */
    public @Nullable String exceptionType() {
        return exceptionType;
    }

    /** The latest exception's message, at most 1,000 characters; null where there was none. */
    public @Nullable String exceptionMessage() {
        return exceptionMessage;
    }

    /**
     * Types and frames of the latest exception and its causes, without their messages, cut short; null where there was
     * none.
     */
    public @Nullable String stackTrace() {
        return stackTrace;
    }

    /** Equal for failures of the same type at the same place; null where there was no exception. */
    public @Nullable String fingerprint() {
        return fingerprint;
    }

    /** When it became a dead letter, the latest time, by the wall clock. */
    public Instant failedAt() {
        return failedAt;
    }

    /** How often it was replayed, and failed again. */
    public int replays() {
        return replays;
    }

    @Override
    public String toString() {
        return "DeadLetter[id=" + id + ", subscriptionId=" + subscriptionId + ", messageId=" + message.id()
                + ", reason="
                + reason + ", attempts=" + attempts + ", exceptionType=" + exceptionType + ", fingerprint="
                + fingerprint
                + ", failedAt=" + failedAt + ", replays=" + replays + "]";
    }

    /** Builds a {@link DeadLetter}. */
    public static final class Builder {

        private final String subscriptionId;
        private final Message<?> message;
        private final Reason reason;
        private @Nullable String id;
        private int attempts;
        private @Nullable String exceptionType;
        private @Nullable String exceptionMessage;
        private @Nullable String stackTrace;
        private @Nullable String fingerprint;
        private @Nullable Instant failedAt;
        private int replays;

        private Builder(String subscriptionId, Message<?> message, Reason reason) {
            this.subscriptionId = Objects.requireNonNull(subscriptionId, "subscriptionId");
            this.message = Objects.requireNonNull(message, "message");
            this.reason = Objects.requireNonNull(reason, "reason");
        }

        /** The dead letter's id. */
        public Builder id(String id) {
            this.id = id;
            return this;
        }

        /** How often the handler was called. */
        public Builder attempts(int attempts) {
            this.attempts = attempts;
            return this;
        }

        /** What was thrown; nulls where nothing was. */
        public Builder exception(
                @Nullable String type,
                @Nullable String message,
                @Nullable String stackTrace,
                @Nullable String fingerprint) {
            this.exceptionType = type;
            this.exceptionMessage = message;
            this.stackTrace = stackTrace;
            this.fingerprint = fingerprint;
            return this;
        }

        /** When it failed. */
        public Builder failedAt(Instant failedAt) {
            this.failedAt = failedAt;
            return this;
        }

        /** How often it was replayed. */
        public Builder replays(int replays) {
            this.replays = replays;
            return this;
        }

        /** The dead letter. */
        public DeadLetter build() {
            return new DeadLetter(this);
        }
    }
}

package dev.pubsub;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable message. Two messages are equal when their ids are. Safe for use by any thread, provided that the
 * payload is: the engine hands the same payload object to every subscription.
 *
 * <p>Topic syntax and configured limits are checked when the message is published; see {@link Publisher}.
 *
 * @param <T> type of the payload
 */
public final class Message<T> {

    private final String topic;
    private final @Nullable String key;
    private final T payload;
    private final Map<String, String> headers;
    private final long stamp; // time and number in one word: a message without a key is 40 bytes
    private @Nullable Object
            id; // a String or an OwnTime, or null before it was read; benign race: rendered alike by all

    private Message(
            String topic,
            @Nullable String key,
            T payload,
            Map<String, String> headers,
            @Nullable Object id,
            long stamp) {
        this.topic = topic;
        this.key = key;
        this.payload = payload;
        this.headers = headers;
        this.id = id;
        this.stamp = stamp;
    }

    /** For a message whose stamp does not tell its time. */
    private record OwnTime(String id, long epochMillis) {}

    /**
     * A message without key and headers, stamped with the system's wall clock.
     *
     * @throws InvalidMessageException if topic or payload is null
     */
    public static <T> Message<T> of(String topic, T payload) {
        return of(topic, null, payload);
    }

    /**
     * A message with an optional key and without headers, stamped with the system's wall clock.
     *
     * @throws InvalidMessageException if topic or payload is null
     */
    public static <T> Message<T> of(String topic, @Nullable String key, T payload) {
        return stamped(topic, key, payload, System.currentTimeMillis());
    }

    /**
     * A message with an optional key and without headers, for a caller that knows the time already, as an engine does.
     *
     * @param epochMillis when it came into being, in milliseconds since 1970
     * @throws InvalidMessageException if topic or payload is null
     */
    public static <T> Message<T> stamped(String topic, @Nullable String key, T payload, long epochMillis) {
        requirePresent(topic, payload);
        return create(topic, key, payload, Map.of(), null, MessageIds.next(epochMillis), epochMillis);
    }

    private static <T> Message<T> create(
            String topic,
            @Nullable String key,
            T payload,
            Map<String, String> headers,
            @Nullable String id,
            long stamp,
            long epochMillis) {
        if (MessageIds.tells(stamp, epochMillis)) {
            return new Message<>(topic, key, payload, headers, id, stamp);
        }
        OwnTime ownTime = new OwnTime(id == null ? MessageIds.render(stamp) : id, epochMillis);
        return new Message<>(topic, key, payload, headers, ownTime, stamp);
    }

    /**
     * A builder for a message with key, headers or an id of its own.
     *
     * @throws InvalidMessageException if topic or payload is null
     */
    public static <T> Builder<T> builder(String topic, T payload) {
        requirePresent(topic, payload);
        return new Builder<>(topic, payload);
    }

    private static void requirePresent(@Nullable String topic, @Nullable Object payload) {
        if (topic == null) {
            throw new InvalidMessageException(
                    "The message's topic is null; give it a topic, for example \"orders.created\"");
        }
        if (payload == null) {
            throw new InvalidMessageException("The message's payload is null; publish a value");
        }
    }

    /** This message with another payload, all else (its id too) unchanged. */
    public <U> Message<U> withPayload(U newPayload) {
        requirePresent(topic, newPayload);
        return new Message<>(topic, key, newPayload, headers, id, stamp);
    }

    /**
     * This message with more headers, or others of the same names, all else (its id too) unchanged.
     *
     * @throws InvalidMessageException as {@link Builder#header} does
     */
    public Message<T> withHeaders(Map<String, String> more) {
        if (more.isEmpty()) {
            return this;
        }
        Builder<T> all = new Builder<>(topic, payload).headers(headers).headers(more);
        return new Message<>(topic, key, payload, Collections.unmodifiableMap(all.headers), id, stamp);
    }

    /**
     * Unique across processes; sortable as text by the time of creation and, within one process, by its order (at most
     * 36 characters), unless the builder was given another one. Rendered when first read.
     */
    public String id() {
        Object known = id;
        if (known instanceof String text) {
            return text;
        }
        if (known instanceof OwnTime ownTime) {
            return ownTime.id();
        }
        String rendered = MessageIds.render(stamp);
        id = rendered;
        return rendered;
    }

    /**
     * How many messages of this process were made before it within its millisecond, 0 to 2^20 - 1; goes on counting
     * while the clock stands still or was set back. For those who look at some messages only, and must agree which.
     */
    public int numberInMillisecond() {
        return MessageIds.numberOf(stamp);
    }

    /** The topic that the message is published to. */
    public String topic() {
        return topic;
    }

    /** What orders copies within a subscription whose ordering is {@link Ordering#KEY}; null: unordered. */
    public @Nullable String key() {
        return key;
    }

    /** The payload; never null. */
    public T payload() {
        return payload;
    }

    /** The headers, unmodifiable, in the order in which they were given. */
    public Map<String, String> headers() {
        return headers;
    }

    /** When the message was created, by the wall clock, in milliseconds. A new object at each call. */
    public Instant timestamp() {
        return Instant.ofEpochMilli(id instanceof OwnTime ownTime ? ownTime.epochMillis() : MessageIds.millisOf(stamp));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Message<?> message && id().equals(message.id()));
    }

    @Override
    public int hashCode() {
        return id().hashCode();
    }

    /** Id, topic and the number of headers: no payload, key or header value. */
    @Override
    public String toString() {
        return "Message[id=" + id() + ", topic=" + topic + ", headers=" + headers.size() + "]";
    }

    /** Builds a {@link Message}. Not safe for use by several threads at once. */
    public static final class Builder<T> {

        private static final int MAX_ID_LENGTH = 255;

        private final String topic;
        private final T payload;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private @Nullable String key;
        private @Nullable String id;
        private @Nullable Long millis;

        private Builder(String topic, T payload) {
            this.topic = topic;
            this.payload = payload;
        }

        /** The key; null for none. */
        public Builder<T> key(@Nullable String key) {
            this.key = key;
            return this;
        }

        /**
         * Adds a header, or replaces the one of that name.
         *
         * @throws InvalidMessageException if name or value is null, or the name is reserved (begins with "pubsub-", in
         *     any case)
         */
        public Builder<T> header(String name, String value) {
            if (name == null) {
                throw new InvalidMessageException("A header's name is null");
            }
            if (value == null) {
                throw new InvalidMessageException("The value of a header is null; leave the header out instead");
            }
            if (name.regionMatches(true, 0, PubSubHeaders.RESERVED_PREFIX, 0, PubSubHeaders.RESERVED_PREFIX.length())) {
                throw new InvalidMessageException("A header's name begins with \"" + PubSubHeaders.RESERVED_PREFIX
                        + "\", which is reserved for the engine; choose another name");
            }
            headers.put(name, value);
            return this;
        }

        /**
         * Adds all of these headers.
         *
         * @throws InvalidMessageException as {@link #header} does
         */
        public Builder<T> headers(Map<String, String> headers) {
            Objects.requireNonNull(headers, "headers").forEach(this::header);
            return this;
        }

        /**
         * An id of the caller's own, for example that of the request; it should be unique. Default: generated.
         *
         * @throws InvalidMessageException if it is null, empty, longer than 255 characters, or holds a control
         *     character or a line separator
         */
        public Builder<T> id(String id) {
            if (id == null || id.isEmpty() || id.length() > MAX_ID_LENGTH) {
                throw new InvalidMessageException("The message's id has " + (id == null ? 0 : id.length())
                        + " characters; it must have 1 to " + MAX_ID_LENGTH);
            }
            String problem = Names.textProblem(id);
            if (problem != null) {
                throw new InvalidMessageException("The message's id holds " + problem);
            }
            this.id = id;
            return this;
        }

        /**
         * When the message came into being, if that was not now; kept to the millisecond.
         *
         * @throws InvalidMessageException if it is further away than a long holds milliseconds
         */
        public Builder<T> timestamp(Instant timestamp) {
            try {
                this.millis = Objects.requireNonNull(timestamp, "timestamp").toEpochMilli();
            } catch (ArithmeticException tooFar) {
                throw new InvalidMessageException(
                        "The message's timestamp is further from 1970 than 64 bits hold milliseconds", tooFar);
            }
            return this;
        }

        /** The message. The builder may be used on. */
        public Message<T> build() {
            Map<String, String> copy =
                    headers.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            long now = System.currentTimeMillis();
            return create(topic, key, payload, copy, id, MessageIds.next(now), millis == null ? now : millis);
        }
    }
}

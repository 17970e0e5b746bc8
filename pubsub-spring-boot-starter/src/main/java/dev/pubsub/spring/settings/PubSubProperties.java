package dev.pubsub.spring.settings;

import dev.pubsub.engine.Overflow;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * The properties below {@code pubsub}, but for {@code pubsub.subscriptions}: bound as a map, those would lose ids with
 * dots and not tell unset from default. {@link SubscriptionSettings} binds them by id; the map is in the metadata by
 * hand.
 */
@ConfigurationProperties("pubsub")
public class PubSubProperties {

    /** Whether there is an engine at all. */
    private boolean enabled = true;

    /** What carries messages from publishers to subscriptions. */
    private String transport = "memory";

    /** Logical names of payload types, which go with messages to other processes; no other class is ever named. */
    private final Map<String, Class<?>> types = new LinkedHashMap<>();

    private final Publisher publisher = new Publisher();

    private final Message message = new Message();

    @NestedConfigurationProperty
    private final SubscriberProperties subscriber = new SubscriberProperties();

    private final DeadLetterStore deadLetterStore = new DeadLetterStore();

    private final Journey journey = new Journey();

    private final Metrics metrics = new Metrics();

    private final Observation observation = new Observation();

    private final Shutdown shutdown = new Shutdown();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public String getTransport() {
        return transport;
    }

    public void setTransport(String transport) {
        this.transport = transport;
    }

    public Map<String, Class<?>> getTypes() {
        return types;
    }

    public Publisher getPublisher() {
        return publisher;
    }

    public Message getMessage() {
        return message;
    }

    public SubscriberProperties getSubscriber() {
        return subscriber;
    }

    public DeadLetterStore getDeadLetterStore() {
        return deadLetterStore;
    }

    public Journey getJourney() {
        return journey;
    }

    public Metrics getMetrics() {
        return metrics;
    }

    public Observation getObservation() {
        return observation;
    }

    public Shutdown getShutdown() {
        return shutdown;
    }

    /** When a publish is admitted. */
    public enum Transaction {
        /** At once, whatever becomes of the surrounding transaction. */
        IMMEDIATE,
        /** Validated at once, admitted after the commit of the surrounding transaction. */
        AFTER_COMMIT
    }

    /** How much the meters tell. */
    public enum Detail {
        /** Counts, totals and maxima of publishing and latency. */
        STANDARD,
        /** Full timers for publishing and latency. */
        FULL
    }

    /** How messages are published. */
    public static class Publisher {

        /** How many publish calls may be in progress at once. */
        private int maxConcurrent = 256;

        /** What a publish does where no slot or no room is free. */
        private Overflow overflow = Overflow.BLOCK;

        /** How long a publish waits for a slot and for room, in all. */
        private Duration timeout = Duration.ofSeconds(5);

        /** How many messages one batch may hold. */
        private int maxBatchSize = 1000;

        /** When a publish is admitted in a transaction. */
        private Transaction transaction = Transaction.IMMEDIATE;

        public int getMaxConcurrent() {
            return maxConcurrent;
        }

        public void setMaxConcurrent(int maxConcurrent) {
            this.maxConcurrent = maxConcurrent;
        }

        public Overflow getOverflow() {
            return overflow;
        }

        public void setOverflow(Overflow overflow) {
            this.overflow = overflow;
        }

        public Duration getTimeout() {
            return timeout;
        }

        public void setTimeout(Duration timeout) {
            this.timeout = timeout;
        }

        public int getMaxBatchSize() {
            return maxBatchSize;
        }

        public void setMaxBatchSize(int maxBatchSize) {
            this.maxBatchSize = maxBatchSize;
        }

        public Transaction getTransaction() {
            return transaction;
        }

        public void setTransaction(Transaction transaction) {
            this.transaction = transaction;
        }
    }

    /** Limits of a message. */
    public static class Message {

        /** Largest payload, for byte arrays, strings and encoded payloads. */
        private DataSize maxPayloadSize = DataSize.ofMegabytes(1);

        /** How many headers a message may have. */
        private int maxHeaders = 64;

        /** Largest header, its name and value together. */
        private DataSize maxHeaderSize = DataSize.ofKilobytes(8);

        public DataSize getMaxPayloadSize() {
            return maxPayloadSize;
        }

        public void setMaxPayloadSize(DataSize maxPayloadSize) {
            this.maxPayloadSize = maxPayloadSize;
        }

        public int getMaxHeaders() {
            return maxHeaders;
        }

        public void setMaxHeaders(int maxHeaders) {
            this.maxHeaders = maxHeaders;
        }

        public DataSize getMaxHeaderSize() {
            return maxHeaderSize;
        }

        public void setMaxHeaderSize(DataSize maxHeaderSize) {
            this.maxHeaderSize = maxHeaderSize;
        }
    }

    /** Where dead letters are kept. */
    public static class DeadLetterStore {

        /** Kind of store. */
        private String type = "memory";

        /** How many dead letters are kept before the oldest is evicted. */
        private int capacity = 10_000;

        /** How long dead letters are kept. */
        private Duration retention = Duration.ofDays(7);

        public String getType() {
            return type;
        }

        public void setType(String type) {
            this.type = type;
        }

        public int getCapacity() {
            return capacity;
        }

        public void setCapacity(int capacity) {
            this.capacity = capacity;
        }

        public Duration getRetention() {
            return retention;
        }

        public void setRetention(Duration retention) {
            this.retention = retention;
        }
    }

    /** What is kept of the latest messages, for the endpoint that shows it. */
    public static class Journey {

        /** How many messages are kept. 0 keeps none. */
        private int capacity = 1000;

        /** How many of the messages that come into being within one millisecond are followed. */
        private int perMillisecond = 8;

        public int getCapacity() {
            return capacity;
        }

        public void setCapacity(int capacity) {
            this.capacity = capacity;
        }

        public int getPerMillisecond() {
            return perMillisecond;
        }

        public void setPerMillisecond(int perMillisecond) {
            this.perMillisecond = perMillisecond;
        }
    }

    /** What is measured. */
    public static class Metrics {

        /** How much the meters tell. "full" costs a timer on the way of each message. */
        private Detail detail = Detail.STANDARD;

        public Detail getDetail() {
            return detail;
        }

        public void setDetail(Detail detail) {
            this.detail = detail;
        }
    }

    /** What is observed, for tracing. */
    public static class Observation {

        /**
         * Whether to observe publishes and attempts. If not set, they are observed where observations are handled by
         * more than meters, as with tracing.
         */
        private @Nullable Boolean enabled;

        /**
         * Whether handlers find what their publisher's thread held, such as its logging and security context. Needs the
         * library context-propagation.
         */
        private boolean captureContext = true;

        public @Nullable Boolean getEnabled() {
            return enabled;
        }

        public void setEnabled(@Nullable Boolean enabled) {
            this.enabled = enabled;
        }

        public boolean isCaptureContext() {
            return captureContext;
        }

        public void setCaptureContext(boolean captureContext) {
            this.captureContext = captureContext;
        }
    }

    /** How the engine ends. */
    public static class Shutdown {

        /** How long the engine drains before what still runs is cancelled. */
        private Duration timeout = Duration.ofSeconds(20);

        public Duration getTimeout() {
            return timeout;
        }

        public void setTimeout(Duration timeout) {
            this.timeout = timeout;
        }
    }
}

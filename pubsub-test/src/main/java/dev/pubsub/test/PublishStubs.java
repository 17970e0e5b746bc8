package dev.pubsub.test;

import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.Names;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.PublishReceipt;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers to publish calls that do not reach the engine: {@code probe.publishing().to("orders.**").refuseTimedOut()}.
 * Of several that apply to a topic the one that was made first counts, and one whose times are used up applies no more;
 * what none applies to is published. Cleared after each test. Safe for use by any thread.
 */
public final class PublishStubs {

    private static final String STUBBED = " (stubbed by the test)";

    private final List<Stub> stubs = new CopyOnWriteArrayList<>();

    PublishStubs() {}

    /** What somebody gets who publishes to one of its topics. */
    private record Stub(
            TopicPattern pattern, int times, AtomicInteger used, Function<Message<?>, PublishReceipt> answer) {

        boolean claims(String topic) {
            return pattern.matches(topic) && used.getAndUpdate(count -> Math.min(count + 1, times)) < times;
        }
    }

    /** For publish calls to all topics. */
    public Builder toAll() {
        return to("**");
    }

    /**
     * For publish calls to these topics.
     *
     * @throws IllegalArgumentException if it is no topic or pattern
     */
    public Builder to(String pattern) {
        return new Builder(TopicPattern.of(pattern));
    }

    /** Removes all: messages are published again. */
    public void clear() {
        stubs.clear();
    }

    boolean isEmpty() {
        return stubs.isEmpty();
    }

    /** The answer for this topic, or null where it is to be published. */
    @Nullable
    Function<Message<?>, PublishReceipt> answerFor(@Nullable String topic) {
        if (topic == null || stubs.isEmpty()) {
            return null;
        }
        for (Stub stub : stubs) {
            if (stub.claims(topic)) {
                return stub.answer();
            }
        }
        return null;
    }

    /** A stub to be. The verb at the end puts it into force. */
    public final class Builder {

        private final TopicPattern pattern;
        private int times = Integer.MAX_VALUE;

        private Builder(TopicPattern pattern) {
            this.pattern = pattern;
        }

        /** For so many messages, at least 1; default: for all. */
        public Builder times(int messages) {
            if (messages < 1) {
                throw new IllegalArgumentException(
                        "The stub was to apply " + messages + " times; it must be at least once");
            }
            this.times = messages;
            return this;
        }

        /** Accepted, as by one subscription, and delivered to none. */
        public void accept() {
            accept(1);
        }

        /** Accepted, as by so many subscriptions, and delivered to none. */
        public void accept(int subscriptions) {
            add(message -> {
                String problem = Names.topicProblem(message.topic());
                if (problem != null) {
                    throw new InvalidMessageException("The message's topic is not valid: " + problem);
                }
                return PublishReceipt.of(message, subscriptions);
            });
        }

        /** Refused, as where this subscription has no room and the call is not to wait. */
        public void refuseQueueFull(String subscriptionId) {
            Objects.requireNonNull(subscriptionId, "subscriptionId");
            refuse(() -> new QueueFullException(
                    subscriptionId, "Subscription '" + subscriptionId + "' has no room" + STUBBED));
        }

        /** Refused, as where all slots are taken and the call is not to wait. */
        public void refuseNoSlot() {
            refuse(() -> new ConcurrencyLimitException("All slots for concurrent publish calls are taken" + STUBBED));
        }

        /** Refused, as where it waited in vain for a slot or for room. */
        public void refuseTimedOut() {
            refuse(() -> new PublishTimeoutException("Waited in vain for room" + STUBBED, null));
        }

        /** Refused, as where the engine is stopped or closed. */
        public void refuseClosed() {
            refuse(() -> new PubSubClosedException("The engine is stopped or closed" + STUBBED));
        }

        /** Refused with such an exception, a new one each time. */
        public void refuse(Supplier<? extends PubSubException> refusal) {
            Objects.requireNonNull(refusal, "refusal");
            add(message -> {
                throw refusal.get();
            });
        }

        private void add(Function<Message<?>, PublishReceipt> answer) {
            stubs.add(new Stub(pattern, times, new AtomicInteger(), answer));
        }
    }
}

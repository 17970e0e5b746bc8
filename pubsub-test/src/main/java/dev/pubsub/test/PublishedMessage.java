package dev.pubsub.test;

import dev.pubsub.Message;
import dev.pubsub.PubSubException;
import java.util.List;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * A message that somebody published, and whether it was accepted. Immutable. {@code assertThat(it)} has assertions of
 * its own. {@code toString} shows no payload, key or header unless the probe is told to show payloads.
 */
public final class PublishedMessage implements AssertProvider<PublishedMessageAssert> {

    private final Message<?> message;
    private final List<String> subscriptions;
    private final List<String> filtered;
    private final @Nullable PubSubException refusal;
    private final boolean stubbed;
    private final Shown shown;

    PublishedMessage(
            Message<?> message,
            List<String> subscriptions,
            List<String> filtered,
            @Nullable PubSubException refusal,
            boolean stubbed,
            Shown shown) {
        this.message = message;
        this.subscriptions = subscriptions;
        this.filtered = filtered;
        this.refusal = refusal;
        this.stubbed = stubbed;
        this.shown = shown;
    }

    /** The message. */
    public Message<?> message() {
        return message;
    }

    /** The message's topic. */
    public String topic() {
        return message.topic();
    }

    /** The message's key; null for none. */
    public @Nullable String key() {
        return message.key();
    }

    /** The message's payload. */
    public Object payload() {
        return message.payload();
    }

    /**
     * The message's payload, of this type.
     *
     * @throws AssertionError if it is of another, naming both types
     */
    public <P> P payload(Class<P> type) {
        return Payloads.as(type, message);
    }

    /** Whether it was accepted. */
    public boolean accepted() {
        return refusal == null;
    }

    /** Why it was refused; null where it was accepted. */
    public @Nullable PubSubException refusal() {
        return refusal;
    }

    /** Whether a stub answered, so that it did not reach the engine. */
    public boolean stubbed() {
        return stubbed;
    }

    /** The ids of the subscriptions that took a copy. */
    public List<String> subscriptions() {
        return subscriptions;
    }

    /** The ids of the subscriptions whose condition refused it. */
    public List<String> filtered() {
        return filtered;
    }

    /** What texts may show. */
    Shown shown() {
        return shown;
    }

    @Override
    public PublishedMessageAssert assertThat() {
        return new PublishedMessageAssert(this);
    }

    @Override
    public String toString() {
        return shown.describe(message) + ": "
                + (refusal == null ? "accepted by " + subscriptions : "refused with " + shown.describe(refusal))
                + (filtered.isEmpty() ? "" : ", filtered out by " + filtered) + (stubbed ? " (stubbed)" : "");
    }
}

package dev.pubsub.test;

import dev.pubsub.PubSubException;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a {@link PublishedMessage}. Failures print no payload unless the probe is told to show payloads. */
public final class PublishedMessageAssert extends AbstractAssert<PublishedMessageAssert, PublishedMessage> {

    PublishedMessageAssert(@Nullable PublishedMessage actual) {
        super(actual, PublishedMessageAssert.class);
    }

    /** It was accepted. */
    public PublishedMessageAssert isAccepted() {
        isNotNull();
        if (!actual.accepted()) {
            failWithMessage("Expected it to be accepted, but got%n  %s", actual);
        }
        return this;
    }

    /** It was refused with such an exception. */
    public PublishedMessageAssert isRefusedWith(Class<? extends PubSubException> type) {
        isNotNull();
        if (!type.isInstance(actual.refusal())) {
            failWithMessage("Expected it to be refused with %s, but got%n  %s", type.getName(), actual);
        }
        return this;
    }

    /** These subscriptions, and no others, took a copy; in any order. */
    public PublishedMessageAssert reached(String... subscriptionIds) {
        isNotNull();
        org.assertj.core.api.Assertions.assertThat(actual.subscriptions())
                .as("the subscriptions that took a copy of %s", actual)
                .containsExactlyInAnyOrder(subscriptionIds);
        return this;
    }

    /** It has this key. */
    public PublishedMessageAssert hasKey(@Nullable String key) {
        isNotNull();
        if (!Objects.equals(actual.key(), key)) {
            failWithMessage(
                    "Expected key %s, but was %s, of%n  %s",
                    actual.shown().value(key), actual.shown().value(actual.key()), actual);
        }
        return this;
    }

    /** Its payload equals this one. */
    public PublishedMessageAssert hasPayload(Object expected) {
        isNotNull();
        if (!actual.payload().equals(expected)) {
            failWithMessage(
                    "Expected payload %s, but was %s, of%n  %s",
                    actual.shown().value(expected), actual.shown().value(actual.payload()), actual);
        }
        return this;
    }
}

package dev.pubsub.observe;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * {@code pubsub.message.publish}, keys as OpenTelemetry's semantic conventions for messaging have them. Immutable; to
 * be extended where only some of it is to change.
 */
public class DefaultPublishObservationConvention implements PublishObservationConvention {

    /** The name of the observation. */
    public static final String NAME = "pubsub.message.publish";

    static final DefaultPublishObservationConvention INSTANCE = new DefaultPublishObservationConvention();

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public String getContextualName(PublishObservationContext context) {
        return "publish " + context.template();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(PublishObservationContext context) {
        return MessagingKeys.withError(
                MessagingKeys.operation("publish", "send", context.template()), context.getError());
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(PublishObservationContext context) {
        KeyValues identity = MessagingKeys.identity(context.message());
        return context.copies() < 0
                ? identity
                : identity.and(KeyValue.of(MessagingKeys.COPIES, Integer.toString(context.copies())));
    }
}

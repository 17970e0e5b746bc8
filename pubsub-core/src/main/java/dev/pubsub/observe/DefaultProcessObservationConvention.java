package dev.pubsub.observe;

import dev.pubsub.spi.EngineMetrics.AttemptResult;
import io.micrometer.common.KeyValues;

/**
 * {@code pubsub.message.process}, keys as OpenTelemetry's semantic conventions for messaging have them. Immutable; to
 * be extended where only some of it is to change.
 */
public class DefaultProcessObservationConvention implements ProcessObservationConvention {

    /** The name of the observation. */
    public static final String NAME = "pubsub.message.process";

    static final DefaultProcessObservationConvention INSTANCE = new DefaultProcessObservationConvention();

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public String getContextualName(ProcessObservationContext context) {
        return "process " + context.delivery().subscriptionId();
    }

    @Override
    public KeyValues getLowCardinalityKeyValues(ProcessObservationContext context) {
        KeyValues values = MessagingKeys.operation("process", "process", context.template())
                .and(MessagingKeys.SUBSCRIPTION, context.delivery().subscriptionId());
        AttemptResult result = context.result();
        return MessagingKeys.withError(
                result == null ? values : values.and(MessagingKeys.RESULT, MicrometerMetrics.tagOf(result)),
                context.getError());
    }

    @Override
    public KeyValues getHighCardinalityKeyValues(ProcessObservationContext context) {
        KeyValues values = MessagingKeys.identity(context.message())
                .and(MessagingKeys.ATTEMPT, Integer.toString(context.delivery().attempt()));
        String deadLetter = context.deadLetterId();
        return deadLetter == null ? values : values.and(MessagingKeys.DEAD_LETTER, deadLetter);
    }
}

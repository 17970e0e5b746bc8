package dev.pubsub.delivery;

import dev.pubsub.Message;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.TimeSource;

/** An attempt alone, in a time that stands still: the seam between the proofs and what makes attempts. */
final class ProvenAttempt extends Attempt {

    /** A deadline that has passed, as the watchdog sees it. */
    static final long DUE = 100;

    private static final Message<?> MESSAGE = Message.of("t", "payload");
    private static final DeliveryPipeline PIPELINE = pipelineInStandingTime();

    ProvenAttempt() {
        super(MESSAGE, PIPELINE, 1);
    }

    private static DeliveryPipeline pipelineInStandingTime() {
        EngineTime time = new EngineTime(new TimeSource() {
            @Override
            public long nanoTime() {
                return 0;
            }

            @Override
            public long currentTimeMillis() {
                return 0;
            }
        });
        // no more than an attempt asks for: Lincheck resets all that it can reach, before each interleaving
        SubscriptionSpec<Object> spec = SubscriptionSpec.builder("s", "t").build();
        return new DeliveryPipeline(spec, (message, delivery) -> {}, null, null, null, null, null, time, null);
    }

    /** One look of the watchdog at time {@link #DUE}; whether it has ended the attempt. */
    boolean expireIfDue() {
        long seen = word();
        return seen > 0 && seen <= DUE && timeOut(seen);
    }

    @Override
    protected boolean isCancelledByCaller() {
        return false;
    }

    @Override
    protected Object traceContext() {
        return null;
    }
}

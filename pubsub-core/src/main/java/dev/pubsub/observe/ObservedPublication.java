package dev.pubsub.observe;

import dev.pubsub.Message;
import dev.pubsub.spi.MessageTracer.Publication;
import dev.pubsub.spi.MessageTracer.Scope;
import io.micrometer.observation.Observation;
import java.util.concurrent.atomic.AtomicBoolean;

/** One publish as an observation, which its first end stops. Safe for use by any thread. */
final class ObservedPublication implements Publication {

    private static final Observation.Event DROPPED = Observation.Event.of("dropped");

    private final Observation observation;
    private final PublishObservationContext context;
    private final Message<?> message;
    private final Carried carried;
    private final AtomicBoolean ended = new AtomicBoolean();

    ObservedPublication(
            Observation observation, PublishObservationContext context, Message<?> message, Carried carried) {
        this.observation = observation;
        this.context = context;
        this.message = message;
        this.carried = carried;
    }

    @Override
    public Message<?> message() {
        return message;
    }

    @Override
    public Object context() {
        return carried;
    }

    @Override
    public Scope open() {
        return Carried.open(carried.registry(), observation);
    }

    @Override
    public void accepted(int copies) {
        end(() -> context.copies(copies));
    }

    @Override
    public void refused(Throwable refusal) {
        end(() -> observation.error(refusal));
    }

    @Override
    public void dropped() {
        end(() -> observation.event(DROPPED));
    }

    private void end(Runnable last) {
        if (ended.compareAndSet(false, true)) {
            Foreign.run(last);
            Foreign.run(observation::stop);
        }
    }
}

package dev.pubsub.observe;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/** What is known of an attempt. Its carrier is the message, in whose headers {@code traceparent} is looked for. */
public class ProcessObservationContext extends ReceiverContext<Message<?>> {

    private final Message<?> message;
    private final Delivery delivery;
    private final String template;
    private final @Nullable String deadLetterId;
    private volatile @Nullable AttemptResult result;

    /**
     * Of this attempt.
     *
     * @param template the patterns of its subscription
     * @param deadLetterId of the dead letter that it replays; null for others
     */
    public ProcessObservationContext(Delivery delivery, String template, @Nullable String deadLetterId) {
        super((carrier, key) -> carrier.headers().get(key), Kind.CONSUMER);
        this.message = delivery.message();
        this.delivery = delivery;
        this.template = template;
        this.deadLetterId = deadLetterId;
        setCarrier(message);
    }

    /** The message, its payload as it was published. */
    public Message<?> message() {
        return message;
    }

    /** The attempt. */
    public Delivery delivery() {
        return delivery;
    }

    /** The patterns of the subscription, with commas between them. */
    public String template() {
        return template;
    }

    /** The dead letter that is replayed; null for none. */
    public @Nullable String deadLetterId() {
        return deadLetterId;
    }

    /** How the attempt ended; null while it runs. */
    public @Nullable AttemptResult result() {
        return result;
    }

    void result(AttemptResult ended) {
        result = ended;
    }
}

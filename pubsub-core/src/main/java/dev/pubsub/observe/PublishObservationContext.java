package dev.pubsub.observe;

import dev.pubsub.Message;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a publish. Its carrier collects the headers (among them {@code traceparent}) that the message is
 * published with, beside its own.
 */
public class PublishObservationContext extends SenderContext<Map<String, String>> {

    private final Message<?> message;
    private final String template;
    private final Map<String, String> headers = new LinkedHashMap<>(4);
    private volatile int copies = -1;

    /** Of this message; the template is its topic where a subscription names it, else {@code other}. */
    public PublishObservationContext(Message<?> message, String template) {
        super(PublishObservationContext::put, Kind.PRODUCER);
        this.message = message;
        this.template = template;
        setCarrier(headers);
    }

    private static void put(@Nullable Map<String, String> headers, String name, String value) {
        if (headers != null) {
            headers.put(name, value);
        }
    }

    /** The message, as its publisher gave it. */
    public Message<?> message() {
        return message;
    }

    /** The topic where a subscription names it, else {@code other}: of few values. */
    public String template() {
        return template;
    }

    /** How many copies were accepted; -1 while that is not known. */
    public int copies() {
        return copies;
    }

    Map<String, String> headers() {
        return headers;
    }

    void copies(int accepted) {
        copies = accepted;
    }
}

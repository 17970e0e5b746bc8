package dev.pubsub.sample.quake;

import dev.pubsub.Message;
import dev.pubsub.PublishReceipt;
import dev.pubsub.Publisher;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/** Publishes events: one topic per network and type, and the network as key, so that its events stay in order. */
@Component
public class QuakePublisher {

    private final Publisher publisher;

    QuakePublisher(Publisher publisher) {
        this.publisher = publisher;
    }

    /** Waits for room as long as {@code pubsub.publisher} says. */
    public PublishReceipt publish(Quake quake) {
        return publisher.publish(QuakeTopics.topicOf(quake), quake.net(), quake);
    }

    /** Never waits: without room the future fails at once. */
    public CompletableFuture<PublishReceipt> publishAsync(Quake quake) {
        return publisher.publishAsync(Message.of(QuakeTopics.topicOf(quake), quake.net(), quake));
    }
}

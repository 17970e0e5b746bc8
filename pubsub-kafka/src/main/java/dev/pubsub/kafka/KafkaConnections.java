package dev.pubsub.kafka;

import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Makes clients that are connected as the application says: addresses, security, its own settings. What the transport
 * relies on wins over those.
 */
public interface KafkaConnections {

    /** A producer with these settings above the application's; closed by the caller. */
    Producer<byte[], byte[]> producer(Map<String, Object> required);

    /** A consumer with these settings above the application's; closed by the caller. */
    Consumer<byte[], byte[]> consumer(Map<String, Object> required);

    /** An admin client with the application's settings; closed by the caller. */
    Admin admin();

    /** What the application has set for its consumers. */
    Map<String, Object> consumerSettings();

    /** What the application has set for its producers. */
    Map<String, Object> producerSettings();
}

/** The transport on Apache Kafka, on kafka-clients alone. */
@NullMarked
package dev.pubsub.kafka;

import org.jspecify.annotations.NullMarked;

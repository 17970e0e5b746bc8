/** The transport on Kafka in a Spring Boot application. */
@NullMarked
package dev.pubsub.kafka.autoconfigure;

import org.jspecify.annotations.NullMarked;

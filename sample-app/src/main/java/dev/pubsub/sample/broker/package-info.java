/** A Kafka broker to try the profile {@code kafka} with. */
@NullMarked
package dev.pubsub.sample.broker;

import org.jspecify.annotations.NullMarked;

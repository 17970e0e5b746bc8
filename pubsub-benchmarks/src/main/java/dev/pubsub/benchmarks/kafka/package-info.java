/** Ours on Kafka, beside Spring for Apache Kafka on the same broker. */
@NullMarked
package dev.pubsub.benchmarks.kafka;

import org.jspecify.annotations.NullMarked;

/**
 * A test kit for whoever publishes and subscribes: {@link dev.pubsub.test.PubSubProbe} says what was published and what
 * became of it, {@link dev.pubsub.test.PubSubClock} moves the engine's time by hand, {@link dev.pubsub.test.Faults}
 * make handlers fail, {@link dev.pubsub.test.PublishStubs} make publishing fail. Needs no Spring.
 */
@NullMarked
package dev.pubsub.test;

import org.jspecify.annotations.NullMarked;

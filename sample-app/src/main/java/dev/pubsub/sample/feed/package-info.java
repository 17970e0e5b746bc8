/** Reads a feed and publishes what is new in it. */
@NullMarked
package dev.pubsub.sample.feed;

import org.jspecify.annotations.NullMarked;

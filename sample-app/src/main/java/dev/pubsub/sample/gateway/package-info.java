/** A small SMS gateway that can be told to fail. */
@NullMarked
package dev.pubsub.sample.gateway;

import org.jspecify.annotations.NullMarked;

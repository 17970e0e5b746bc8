/** A runnable example of the starter. */
@NullMarked
package dev.pubsub.sample;

import org.jspecify.annotations.NullMarked;

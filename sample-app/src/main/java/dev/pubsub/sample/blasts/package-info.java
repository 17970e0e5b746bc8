/** Keeps the latest explosions and quarry blasts. */
@NullMarked
package dev.pubsub.sample.blasts;

import org.jspecify.annotations.NullMarked;

/** The latest few of what went by. */
@NullMarked
package dev.pubsub.sample.latest;

import org.jspecify.annotations.NullMarked;

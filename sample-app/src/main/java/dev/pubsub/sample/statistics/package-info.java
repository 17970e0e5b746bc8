/** Counts what was seen. */
@NullMarked
package dev.pubsub.sample.statistics;

import org.jspecify.annotations.NullMarked;

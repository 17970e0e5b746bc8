/** What became of the latest messages, for those who look for one. */
@NullMarked
package dev.pubsub.journey;

import org.jspecify.annotations.NullMarked;

/** Dead letters: kept, found, replayed, discarded. */
@NullMarked
package dev.pubsub.deadletter;

import org.jspecify.annotations.NullMarked;

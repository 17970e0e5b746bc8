/** Makes of a message's payload what a handler takes. */
@NullMarked
package dev.pubsub.codec;

import org.jspecify.annotations.NullMarked;

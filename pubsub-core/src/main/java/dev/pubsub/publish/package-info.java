/** From a publish call to the hand-over: validate, admit, route. */
@NullMarked
package dev.pubsub.publish;

import org.jspecify.annotations.NullMarked;

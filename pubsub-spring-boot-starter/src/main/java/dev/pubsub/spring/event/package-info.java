/** Application events of subscriptions, for those who alert from code. */
@NullMarked
package dev.pubsub.spring.event;

import org.jspecify.annotations.NullMarked;

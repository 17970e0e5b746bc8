/** Finds annotated methods in the beans of a context and subscribes them. */
@NullMarked
package dev.pubsub.spring.subscriptions;

import org.jspecify.annotations.NullMarked;

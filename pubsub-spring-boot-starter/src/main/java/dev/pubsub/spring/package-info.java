/** Subscriptions as methods of Spring beans, and the auto-configuration of the engine. */
@NullMarked
package dev.pubsub.spring;

import org.jspecify.annotations.NullMarked;

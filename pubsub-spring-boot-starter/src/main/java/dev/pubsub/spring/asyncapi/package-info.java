/** An AsyncAPI document of topics, payload types and subscriptions. */
@NullMarked
package dev.pubsub.spring.asyncapi;

import org.jspecify.annotations.NullMarked;

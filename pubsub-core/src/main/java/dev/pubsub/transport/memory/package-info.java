/** The transport within one process: copies go straight into the subscriptions' queues. */
@NullMarked
package dev.pubsub.transport.memory;

import org.jspecify.annotations.NullMarked;

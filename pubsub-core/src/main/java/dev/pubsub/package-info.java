/**
 * The API: what an application publishes, subscribes to and catches. It imports no internals. Interfaces here are
 * implemented by the engine, except {@link dev.pubsub.MessageHandler}; later methods come as defaults.
 */
@NullMarked
package dev.pubsub;

import org.jspecify.annotations.NullMarked;

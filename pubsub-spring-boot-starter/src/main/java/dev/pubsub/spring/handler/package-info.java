/** Annotated methods as message handlers: arguments, results, conditions. */
@NullMarked
package dev.pubsub.spring.handler;

import org.jspecify.annotations.NullMarked;

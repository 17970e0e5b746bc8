/** Retry and circuit breaker by Resilience4j; the only package that imports it. */
@NullMarked
package dev.pubsub.resilience;

import org.jspecify.annotations.NullMarked;

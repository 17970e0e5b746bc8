/** Payloads as what a handler takes, by Jackson and the conversion service. */
@NullMarked
package dev.pubsub.spring.conversion;

import org.jspecify.annotations.NullMarked;

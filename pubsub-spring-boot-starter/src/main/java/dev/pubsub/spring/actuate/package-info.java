/** Endpoints and health. */
@NullMarked
package dev.pubsub.spring.actuate;

import org.jspecify.annotations.NullMarked;

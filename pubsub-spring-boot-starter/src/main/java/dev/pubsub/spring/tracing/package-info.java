/** What only applications with Micrometer Tracing need: replays linked to their origins, and clean threads. */
@NullMarked
package dev.pubsub.spring.tracing;

import org.jspecify.annotations.NullMarked;

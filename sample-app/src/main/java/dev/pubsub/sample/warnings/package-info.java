/** Publishes tsunami warnings on, and broadcasts warnings. */
@NullMarked
package dev.pubsub.sample.warnings;

import org.jspecify.annotations.NullMarked;

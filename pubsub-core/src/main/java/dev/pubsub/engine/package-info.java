/** Builds an engine out of the parts below it, and starts and stops it. */
@NullMarked
package dev.pubsub.engine;

import org.jspecify.annotations.NullMarked;

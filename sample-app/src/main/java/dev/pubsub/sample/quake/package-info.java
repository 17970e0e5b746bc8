/** A seismic event as this application knows it, and how it is published. */
@NullMarked
package dev.pubsub.sample.quake;

import org.jspecify.annotations.NullMarked;

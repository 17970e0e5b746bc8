/** Quake Watch: a feed of seismic events, published to topics and handled by independent subscriptions. */
@NullMarked
package dev.pubsub.sample;

import org.jspecify.annotations.NullMarked;

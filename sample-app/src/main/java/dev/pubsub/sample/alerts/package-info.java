/** Texts people about strong earthquakes. */
@NullMarked
package dev.pubsub.sample.alerts;

import org.jspecify.annotations.NullMarked;

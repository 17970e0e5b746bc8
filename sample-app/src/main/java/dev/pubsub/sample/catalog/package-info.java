/** Keeps every event in a table. */
@NullMarked
package dev.pubsub.sample.catalog;

import org.jspecify.annotations.NullMarked;

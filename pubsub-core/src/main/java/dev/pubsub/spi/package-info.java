/**
 * What the engine asks of its surroundings: time, threads of control, payload codecs, transactions, metrics, stores.
 * Implemented here and by integrations.
 */
@NullMarked
package dev.pubsub.spi;

import org.jspecify.annotations.NullMarked;

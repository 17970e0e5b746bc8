/**
 * What stands between acceptance and settlement: queues, key lanes, parking, workers, deadlines; the only place that
 * settles a copy.
 */
@NullMarked
package dev.pubsub.dispatch;

import org.jspecify.annotations.NullMarked;

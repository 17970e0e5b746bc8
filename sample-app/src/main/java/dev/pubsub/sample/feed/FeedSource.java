package dev.pubsub.sample.feed;

import dev.pubsub.sample.quake.Quake;
import java.io.IOException;
import java.util.List;

/** Where events come from. */
@FunctionalInterface
interface FeedSource {

    /**
     * Everything that the source holds now, in any order.
     *
     * @throws IOException if it could not be read, or not to its end: then nothing of it counts
     */
    Reading read() throws IOException;

    /**
     * What was read.
     *
     * @param quakes the events
     * @param passedOver how many features were no events
     */
    record Reading(List<Quake> quakes, int passedOver) {}
}

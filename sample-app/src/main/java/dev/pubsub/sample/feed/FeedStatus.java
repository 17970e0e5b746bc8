package dev.pubsub.sample.feed;

import org.jspecify.annotations.Nullable;

/**
 * What the feed is at.
 *
 * @param location where it is read from
 * @param state what it does now
 * @param reads how often it was read to its end
 * @param failedReads how often that failed
 * @param lastError why the latest read failed; null once one succeeded
 * @param published events
 * @param held how often an event had to wait because there was no room for it
 * @param passedOver features of the latest read that were no events
 */
public record FeedStatus(
        String location,
        State state,
        long reads,
        long failedReads,
        @Nullable String lastError,
        long published,
        long held,
        long passedOver) {

    /** What a feed does. */
    public enum State {
        STOPPED,
        READING,
        PUBLISHING,
        WAITING,
        DONE
    }
}

package dev.pubsub.sample.feed;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what the feed did. Written by its thread, read by any. */
final class FeedProgress {

    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong failedReads = new AtomicLong();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong passedOver = new AtomicLong();
    private volatile FeedStatus.State state = FeedStatus.State.STOPPED;
    private volatile @Nullable String lastError;

    void state(FeedStatus.State now) {
        state = now;
    }

    void read(int featuresPassedOver) {
        lastError = null;
        passedOver.set(featuresPassedOver);
        reads.incrementAndGet();
    }

    void failed(Exception cause) {
        lastError = cause.toString();
        failedReads.incrementAndGet();
    }

    void published() {
        published.incrementAndGet();
    }

    long held() {
        return held.incrementAndGet();
    }

    FeedStatus status(String location) {
        return new FeedStatus(
                location,
                state,
                reads.get(),
                failedReads.get(),
                lastError,
                published.get(),
                held.get(),
                passedOver.get());
    }
}

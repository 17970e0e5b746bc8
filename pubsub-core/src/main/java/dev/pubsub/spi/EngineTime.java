package dev.pubsub.spi;

import java.time.Instant;

/** A {@link TimeSource} whose nanoseconds begin at 1, so that an engine may use 0 and below as marks. */
public final class EngineTime {

    private final TimeSource source;
    private final long origin;

    /** Begins now. */
    public EngineTime(TimeSource source) {
        this.source = source;
        this.origin = source.nanoTime() - 1;
    }

    /** Nanoseconds since the engine was made; at least 1, never going back. */
    public long nanos() {
        return source.nanoTime() - origin;
    }

    /** The wall clock, in milliseconds. */
    public long millis() {
        return source.currentTimeMillis();
    }

    /** The wall clock. */
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }
}

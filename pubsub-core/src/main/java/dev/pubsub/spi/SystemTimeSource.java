package dev.pubsub.spi;

import java.time.Clock;

/** The one place in the engine that reads the system's clocks. */
final class SystemTimeSource implements TimeSource {

    private final Clock wallClock;

    private SystemTimeSource(Clock wallClock) {
        this.wallClock = wallClock;
    }

    static SystemTimeSource of(Clock wallClock) {
        return new SystemTimeSource(wallClock);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
        return wallClock.millis();
    }
}

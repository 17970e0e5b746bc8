package dev.pubsub.resilience;

import dev.pubsub.spi.EngineTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that never jumps, since an open breaker keeps the wall-clock instant at which its wait ends. */
final class MonotonicClock extends Clock {

    private final EngineTime time;
    private final Instant origin;
    private final ZoneId zone;

    MonotonicClock(EngineTime time) {
        this(time, time.instant().minusNanos(time.nanos()), ZoneOffset.UTC);
    }

    private MonotonicClock(EngineTime time, Instant origin, ZoneId zone) {
        this.time = time;
        this.origin = origin;
        this.zone = zone;
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new MonotonicClock(time, origin, other);
    }

    @Override
    public Instant instant() {
        return origin.plusNanos(time.nanos());
    }
}

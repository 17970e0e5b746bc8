package dev.pubsub.spi;

/** Figures of the engine that gauges read. Safe for use by any thread; never blocks for long. */
public interface EngineReadings {

    /** Publish calls in progress. */
    int publishInFlight();

    /** Dead letters now. */
    int deadLetterCount();
}

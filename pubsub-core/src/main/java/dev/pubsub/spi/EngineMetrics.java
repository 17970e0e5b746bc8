package dev.pubsub.spi;

/** Skeleton. */
public interface EngineMetrics {}

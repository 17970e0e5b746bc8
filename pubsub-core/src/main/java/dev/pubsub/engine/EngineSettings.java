package dev.pubsub.engine;

import dev.pubsub.Execution;
import dev.pubsub.publish.MessageLimits;
import dev.pubsub.publish.PublishSettings;
import java.time.Duration;

/** The settings of an engine that are plain values. Immutable. */
record EngineSettings(
        PublishSettings publishing, MessageLimits limits, Execution execution, Duration shutdownTimeout) {}

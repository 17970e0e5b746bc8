package dev.pubsub.sample.warnings;

import java.time.Instant;

/**
 * A warning for the public.
 *
 * @param quakeId the event that it is about
 * @param headline in a few words
 * @param time when the event happened
 */
public record Warning(String quakeId, String headline, Instant time) {}

package dev.pubsub;

import java.time.Duration;
import java.util.Objects;

/** Range checks of settings, with one wording. */
final class Limits {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private Limits() {}

    static int range(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from " + min + " to " + max);
        }
        return value;
    }

    static double range(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from " + min + " to " + max);
        }
        return value;
    }

    static float percent(String name, float value) {
        if (!(value > 0 && value <= 100)) {
            throw new IllegalArgumentException(
                    name + " is " + value + "; it must be above 0 and at most 100 (percent)");
        }
        return value;
    }

    static Duration duration(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be from 1 ms to 365 days");
        }
        return value;
    }
}

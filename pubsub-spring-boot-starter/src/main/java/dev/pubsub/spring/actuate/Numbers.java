package dev.pubsub.spring.actuate;

import org.jspecify.annotations.Nullable;

/** Whole numbers of a request. */
final class Numbers {

    private Numbers() {}

    /** Throws an {@link IllegalArgumentException} that says what is wrong. */
    static int parse(String name, @Nullable String value, int min, int max, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as of any other value that is none.
        }
        throw new IllegalArgumentException("'" + name + "' must be a whole number from " + min + " to " + max);
    }
}

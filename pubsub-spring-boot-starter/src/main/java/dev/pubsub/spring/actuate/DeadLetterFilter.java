package dev.pubsub.spring.actuate;

import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.spi.SafeText;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Reads the filters of a request; what is wrong with one is an {@link IllegalArgumentException} that says it. */
final class DeadLetterFilter {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 10_000;

    private DeadLetterFilter() {}

    static DeadLetterQuery query(@Nullable String subscription, @Nullable String reason, @Nullable String fingerprint) {
        return builder(subscription, reason, fingerprint).build();
    }

    static DeadLetterQuery page(
            @Nullable String subscription,
            @Nullable String reason,
            @Nullable String fingerprint,
            @Nullable String limit,
            @Nullable String offset) {
        return builder(subscription, reason, fingerprint)
                .limit(Numbers.parse("limit", limit, 1, MAX_LIMIT, DEFAULT_LIMIT))
                .offset(Numbers.parse("offset", offset, 0, Integer.MAX_VALUE, 0))
                .build();
    }

    /** The filters in words, for the log. */
    static String describe(DeadLetterQuery query) {
        StringJoiner filters = new StringJoiner(", ");
        add(filters, "subscription", query.subscription());
        add(filters, "reason", query.reason());
        add(filters, "fingerprint", query.fingerprint());
        return query.hasFilter() ? "those with " + filters : "all";
    }

    private static void add(StringJoiner filters, String name, @Nullable Object value) {
        if (value != null) {
            filters.add(name + " '" + SafeText.of(value.toString(), 100) + "'");
        }
    }

    static boolean flag(String name, @Nullable String value) {
        if (value == null || value.equalsIgnoreCase("false")) {
            return false;
        }
        if (value.equalsIgnoreCase("true")) {
            return true;
        }
        throw new IllegalArgumentException("'" + name + "' must be true or false");
    }

    static double rate(@Nullable String value) {
        if (value == null) {
            return Double.POSITIVE_INFINITY;
        }
        try {
            double rate = Double.parseDouble(value);
            if (rate > 0) {
                return rate;
            }
        } catch (NumberFormatException e) {
            // Said below, as of any other value that is none.
        }
        throw new IllegalArgumentException("'rate' must be a number of messages a second, above 0");
    }

    private static DeadLetterQuery.Builder builder(
            @Nullable String subscription, @Nullable String reason, @Nullable String fingerprint) {
        return DeadLetterQuery.builder()
                .subscription(present("subscription", subscription))
                .reason(reason(present("reason", reason)))
                .fingerprint(present("fingerprint", fingerprint));
    }

    /** An empty filter is a mistake of whoever made the address; it must not mean all. */
    private static @Nullable String present(String name, @Nullable String value) {
        if (value != null && value.isBlank()) {
            throw new IllegalArgumentException("'" + name + "' is empty; leave it out to mean any");
        }
        return value;
    }

    private static @Nullable Reason reason(@Nullable String value) {
        if (value == null) {
            return null;
        }
        try {
            return Reason.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'reason' must be one of " + Arrays.toString(Reason.values()), e);
        }
    }
}

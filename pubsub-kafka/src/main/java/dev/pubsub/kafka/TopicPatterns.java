package dev.pubsub.kafka;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The topics of a subscription, as Kafka's consumer takes them. */
final class TopicPatterns {

    private static final String SEGMENT = "[A-Za-z0-9_-]+";
    private static final String NO_DEAD_LETTERS = "(?!.*\\.dlt$)(?!dlt$)";

    private TopicPatterns() {}

    /** Whether none of them has a wildcard. */
    static boolean areTopics(List<String> patterns) {
        return patterns.stream().noneMatch(pattern -> pattern.contains("*"));
    }

    /** One expression for all: {@code *} is one segment, a last {@code **} zero or more; none ends in {@code dlt}. */
    static Pattern expression(List<String> patterns) {
        return Pattern.compile(NO_DEAD_LETTERS
                + patterns.stream().map(TopicPatterns::expression).collect(Collectors.joining("|", "(?:", ")")));
    }

    private static String expression(String pattern) {
        if (pattern.equals("**")) {
            return SEGMENT + "(?:\\." + SEGMENT + ")*";
        }
        boolean rest = pattern.endsWith(".**");
        String head = rest ? pattern.substring(0, pattern.length() - 3) : pattern;
        String expression = Pattern.compile("\\.")
                .splitAsStream(head)
                .map(segment -> segment.equals("*") ? SEGMENT : Pattern.quote(segment))
                .collect(Collectors.joining("\\."));
        return expression + (rest ? "(?:\\." + SEGMENT + ")*" : "");
    }
}

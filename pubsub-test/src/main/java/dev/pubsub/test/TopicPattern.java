package dev.pubsub.test;

import dev.pubsub.Names;
import java.util.List;

/** A pattern of topics, in which {@code *} stands for one segment and a last {@code **} for zero or more. */
final class TopicPattern {

    private static final String ONE = "*";
    private static final String REST = "**";

    private final List<String> segments;

    private TopicPattern(List<String> segments) {
        this.segments = segments;
    }

    /** Throws {@link IllegalArgumentException} for what is no pattern. */
    static TopicPattern of(String pattern) {
        String problem = Names.patternProblem(pattern);
        if (problem != null) {
            throw new IllegalArgumentException("'" + pattern + "' is no topic or pattern: " + problem);
        }
        return new TopicPattern(List.of(pattern.split("\\.")));
    }

    boolean matches(String topic) {
        List<String> names = List.of(topic.split("\\."));
        boolean open = segments.get(segments.size() - 1).equals(REST);
        int fixed = open ? segments.size() - 1 : segments.size();
        if (names.size() < fixed || (!open && names.size() > fixed)) {
            return false;
        }
        for (int i = 0; i < fixed; i++) {
            if (!segments.get(i).equals(ONE) && !segments.get(i).equals(names.get(i))) {
                return false;
            }
        }
        return true;
    }
}

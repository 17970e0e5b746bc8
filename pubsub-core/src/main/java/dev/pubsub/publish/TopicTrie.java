package dev.pubsub.publish;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Patterns with wildcards by segment, and those without, which are topics, in a map: finding those that match costs by
 * the topic's segments, not by the number of patterns. Not safe for use by several threads at once.
 */
final class TopicTrie<V> {

    private static final String ONE = "*";
    private static final String REST = "**";

    private static final class Node<V> {
        private final Map<String, Node<V>> children = new HashMap<>(4);
        private List<V> here = List.of();
        private List<V> below = List.of(); // from here on, any segments: "**"

        private boolean isEmpty() {
            return children.isEmpty() && here.isEmpty() && below.isEmpty();
        }
    }

    private final Map<String, List<V>> topics = new HashMap<>();
    private final Node<V> root = new Node<>();

    /** Whether a pattern is this topic itself. */
    boolean isNamed(String topic) {
        return topics.containsKey(topic);
    }

    void add(String pattern, V value) {
        if (!pattern.contains(ONE)) {
            topics.merge(pattern, List.of(value), (present, one) -> with(present, value));
            return;
        }
        Node<V> node = root;
        for (String segment : segments(pattern)) {
            if (segment.equals(REST)) {
                node.below = with(node.below, value);
                return;
            }
            node = node.children.computeIfAbsent(segment, key -> new Node<>());
        }
        node.here = with(node.here, value);
    }

    /** Answers whether it was there. */
    boolean remove(String pattern, V value) {
        if (pattern.contains(ONE)) {
            return remove(root, segments(pattern), 0, value);
        }
        List<V> present = topics.getOrDefault(pattern, List.of());
        int before = present.size();
        List<V> left = without(present, value);
        if (left.isEmpty()) {
            topics.remove(pattern);
        } else {
            topics.put(pattern, left);
        }
        return left.size() < before;
    }

    private boolean remove(Node<V> node, String[] segments, int index, V value) {
        if (index == segments.length) {
            int before = node.here.size();
            node.here = without(node.here, value);
            return node.here.size() < before;
        }
        if (segments[index].equals(REST)) {
            int before = node.below.size();
            node.below = without(node.below, value);
            return node.below.size() < before;
        }
        Node<V> child = node.children.get(segments[index]);
        if (child == null) {
            return false;
        }
        boolean removed = remove(child, segments, index + 1, value);
        if (child.isEmpty()) {
            node.children.remove(segments[index]);
        }
        return removed;
    }

    /** Most patterns have one value, and must not take an array for more; lists of several are changed in place. */
    private static <V> List<V> with(List<V> values, V value) {
        if (values.isEmpty()) {
            return List.of(value);
        }
        List<V> several = values.size() == 1 ? new ArrayList<>(values) : values;
        several.add(value);
        return several;
    }

    private static <V> List<V> without(List<V> values, V value) {
        if (values.size() > 1) {
            values.remove(value);
            return values;
        }
        return values.contains(value) ? List.of() : values;
    }

    /** The values of all patterns that match, each once. */
    Set<V> match(String topic) {
        Set<V> found = new LinkedHashSet<>(topics.getOrDefault(topic, List.of()));
        collect(root, segments(topic), 0, found);
        return found;
    }

    private void collect(@Nullable Node<V> node, String[] segments, int index, Set<V> found) {
        if (node == null) {
            return;
        }
        found.addAll(node.below);
        if (index == segments.length) {
            found.addAll(node.here);
            return;
        }
        collect(node.children.get(segments[index]), segments, index + 1, found);
        collect(node.children.get(ONE), segments, index + 1, found);
    }

    private static String[] segments(String name) {
        return name.split("\\.", -1);
    }
}

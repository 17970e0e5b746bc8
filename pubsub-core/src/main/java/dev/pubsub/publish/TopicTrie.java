package dev.pubsub.publish;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Patterns by segment: finding those that match costs by the topic's segments, not by the number of patterns. Not safe
 * for use by several threads at once.
 */
final class TopicTrie<V> {

    private static final String ONE = "*";
    private static final String REST = "**";

    private static final class Node<V> {
        private final Map<String, Node<V>> children = new HashMap<>(4);
        private final List<V> here = new ArrayList<>(1);
        private final List<V> below = new ArrayList<>(0); // from here on, any segments: "**"

        private boolean isEmpty() {
            return children.isEmpty() && here.isEmpty() && below.isEmpty();
        }
    }

    private final Node<V> root = new Node<>();

    void add(String pattern, V value) {
        Node<V> node = root;
        for (String segment : segments(pattern)) {
            if (segment.equals(REST)) {
                node.below.add(value);
                return;
            }
            node = node.children.computeIfAbsent(segment, key -> new Node<>());
        }
        node.here.add(value);
    }

    void remove(String pattern, V value) {
        remove(root, segments(pattern), 0, value);
    }

    private void remove(Node<V> node, String[] segments, int index, V value) {
        if (index == segments.length) {
            node.here.remove(value);
            return;
        }
        if (segments[index].equals(REST)) {
            node.below.remove(value);
            return;
        }
        Node<V> child = node.children.get(segments[index]);
        if (child != null) {
            remove(child, segments, index + 1, value);
            if (child.isEmpty()) {
                node.children.remove(segments[index]);
            }
        }
    }

    /** The values of all patterns that match, each once. */
    Set<V> match(String topic) {
        Set<V> found = new LinkedHashSet<>();
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

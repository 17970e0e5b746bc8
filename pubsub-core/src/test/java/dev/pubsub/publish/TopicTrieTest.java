package dev.pubsub.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTrieTest {

    /** The contract's words, literally: "*" one segment, a last "**" zero or more. */
    private static boolean matches(String pattern, String topic) {
        List<String> wanted = List.of(pattern.split("\\."));
        List<String> given = List.of(topic.split("\\."));
        boolean rest = wanted.get(wanted.size() - 1).equals("**");
        int fixed = rest ? wanted.size() - 1 : wanted.size();
        if (rest ? given.size() < fixed : given.size() != fixed) {
            return false;
        }
        for (int i = 0; i < fixed; i++) {
            if (!wanted.get(i).equals("*") && !wanted.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }

    @ParameterizedTest
    @CsvSource({
        "a, a, true",
        "a, b, false",
        "a, a.b, false",
        "a.b, a, false",
        "*, a, true",
        "*, a.b, false",
        "**, a, true",
        "**, a.b.c, true",
        "a.**, a, true",
        "a.**, a.b, true",
        "a.**, a.b.c, true",
        "a.**, ab, false",
        "a.*, a, false",
        "a.*, a.b, true",
        "a.*, a.b.c, false",
        "*.b, a.b, true",
        "a.*.c, a.x.c, true",
        "a.*.c, a.x.y.c, false",
        "a.*.**, a, false",
        "a.*.**, a.b, true",
        "a.*.**, a.b.c.d, true",
        "A, a, false"
    })
    void aStarIsOneSegmentAndALastDoubleStarZeroOrMore(String pattern, String topic, boolean matches) {
        TopicTrie<String> trie = new TopicTrie<>();
        trie.add(pattern, "v");

        assertThat(trie.match(topic)).hasSize(matches ? 1 : 0);
        assertThat(matches(pattern, topic)).as("the reference agrees").isEqualTo(matches);
        assertThat(Names.matches(pattern, topic)).as("names agree").isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42, 20260101})
    void itFindsWhatANaiveMatcherFindsWhilePatternsComeAndGo(long seed) {
        Random random = new Random(seed);
        TopicTrie<Integer> trie = new TopicTrie<>();
        Map<Integer, String> reference = new LinkedHashMap<>();
        for (int step = 0; step < 3_000; step++) {
            if (random.nextInt(5) == 0 && !reference.isEmpty()) {
                int gone = new ArrayList<>(reference.keySet()).get(random.nextInt(reference.size()));
                trie.remove(reference.remove(gone), gone);
            } else {
                String pattern = pattern(random);
                trie.add(pattern, step);
                reference.put(step, pattern);
            }
            String topic = topic(random, 5);
            Set<Integer> expected = reference.entrySet().stream()
                    .filter(entry -> Names.matches(entry.getValue(), topic))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            assertThat(trie.match(topic))
                    .as("seed %d, step %d, %s", seed, step, topic)
                    .isEqualTo(expected);
        }
    }

    private static String topic(Random random, int maxSegments) {
        return random.ints(1 + random.nextInt(maxSegments), 0, 3)
                .mapToObj(i -> String.valueOf((char) ('a' + i)))
                .collect(Collectors.joining("."));
    }

    private static String pattern(Random random) {
        String fixed = random.ints(1 + random.nextInt(4), 0, 5)
                .mapToObj(i -> i > 2 ? "*" : String.valueOf((char) ('a' + i)))
                .collect(Collectors.joining("."));
        return switch (random.nextInt(8)) {
            case 0 -> "**";
            case 1, 2 -> fixed + ".**";
            default -> fixed;
        };
    }

    @Test
    void aValueThatSeveralPatternsLeadToIsFoundOnce() {
        TopicTrie<String> trie = new TopicTrie<>();
        for (String pattern : List.of("a.b", "a.*", "*.b", "**", "a.**")) {
            trie.add(pattern, "v");
        }
        assertThat(trie.match("a.b")).containsExactly("v");
    }

    @Test
    void removingOneOfTwoValuesOfAPatternLeavesTheOther() {
        TopicTrie<String> trie = new TopicTrie<>();
        trie.add("a.*", "v");
        trie.add("a.*", "w");
        trie.remove("a.*", "v");
        trie.remove("never.there", "v");
        assertThat(trie.match("a.b")).containsExactly("w");
    }

    @Test
    void manyWildcardsCostNoExplosion() {
        TopicTrie<Integer> trie = new TopicTrie<>();
        String deep = "a.".repeat(99) + "a";
        for (int i = 0; i < 99; i++) {
            trie.add("a.".repeat(i) + "*." + "a.".repeat(98 - i) + "a", i);
        }
        assertThat(trie.match(deep)).hasSize(99);
    }
}

package dev.pubsub.test;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPatternTest {

    @ParameterizedTest
    @CsvSource({
        "a.b, a.b, true",
        "a.b, a.c, false",
        "a.b, a, false",
        "a.b, a.b.c, false",
        "a.*, a.b, true",
        "a.*, a, false",
        "*.b, a.b, true",
        "a.**, a, true",
        "a.**, a.b.c, true",
        "a.**, b, false",
        "**, a.b, true",
        "a.*.**, a, false",
        "a.*.**, a.b, true"
    })
    void matchesAsTheEngineDoes(String pattern, String topic, boolean expected) {
        assertThat(TopicPattern.of(pattern).matches(topic)).isEqualTo(expected);
    }
}

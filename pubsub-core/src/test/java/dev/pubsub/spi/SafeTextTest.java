package dev.pubsub.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {

    private static final String EVIL = "evil\r\nFORGED";

    @Test
    void plainTextStaysAsItIs() {
        assertThat(SafeText.of("Order 7: 100 % [ok] {}")).isEqualTo("Order 7: 100 % [ok] {}");
        assertThat(SafeText.of("Grüße, 東京")).isEqualTo("Grüße, 東京");
        assertThat(SafeText.of((String) null)).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x09, 0x0A, 0x0D, 0x1B, 0x7F, 0x85, 0x9B, 0x200B, 0x2028, 0x2029, 0x202E, 0xD800, 0xE000, 0xFEFF
            })
    void whatEndsALineOrHidesTextIsEscaped(int character) {
        assertThat(SafeText.of("a" + (char) character + "b")).isEqualTo(String.format("a\\u%04Xb", character));
    }

    @Test
    void anEscapeCannotBeForged() {
        assertThat(SafeText.of("\\u000A")).isEqualTo("\\u005Cu000A");
    }

    @Test
    void longTextIsCut() {
        assertThat(SafeText.of("x".repeat(1 << 20)))
                .hasSize(SafeText.MAX_LENGTH + 3)
                .endsWith("...");
        assertThat(SafeText.of("\n".repeat(1 << 20))).hasSize(6 * SafeText.MAX_LENGTH + 3);
        assertThat(SafeText.of("abc", 2)).isEqualTo("ab...");
    }

    @Test
    void aThrowableIsItsTypeAndMessage() {
        assertThat(SafeText.of(new IllegalStateException(EVIL)))
                .isEqualTo("java.lang.IllegalStateException: evil\\u000D\\u000AFORGED");
        assertThat(SafeText.of(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void aThrowableWhoseMethodsThrowDoesNoHarm() {
        Throwable hostile = new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("no");
            }

            @Override
            public synchronized Throwable getCause() {
                throw new StackOverflowError();
            }
        };
        assertThat(SafeText.of(hostile)).isEqualTo(hostile.getClass().getName());
        assertThat(SafeText.trace(hostile)).isNotNull();
    }

    @Test
    void aTraceHasTheFramesAndCausesOfTheOriginalAndNoTextThatEndsALine() {
        Throwable original = new IllegalStateException(EVIL, new IllegalArgumentException(EVIL));

        StringWriter printed = new StringWriter();
        SafeText.trace(original).printStackTrace(new PrintWriter(printed));

        assertThat(printed.toString())
                .contains("java.lang.IllegalStateException: evil\\u000D", "IllegalArgumentException: evil\\u000D")
                .contains("at " + SafeTextTest.class.getName())
                .doesNotContain("\nFORGED");
    }

    @Test
    void aTraceOfACircleOfCausesEnds() {
        Exception one = new Exception("one");
        Exception two = new Exception("two", one);
        one.initCause(two);

        assertThat(SafeText.trace(one)).hasMessageContaining("one");
    }
}

package dev.pubsub.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of a class that never leaves its package, so no engine is needed. */
class FailureTraceTest {

    private static RuntimeException made(String message) {
        return new IllegalStateException(message);
    }

    private static RuntimeException madeElsewhere() {
        return new IllegalStateException("here");
    }

    /** Called by reflection, as handler methods are. */
    public static RuntimeException reflectively() {
        return new IllegalStateException("reflected");
    }

    @Test
    void failuresOfOneTypeAtOnePlaceHaveOneFingerprintWhateverTheirMessages() {
        List<String> fingerprints = IntStream.range(0, 10)
                .mapToObj(i -> FailureTrace.fingerprint(made("message " + i)))
                .distinct()
                .toList();

        assertThat(fingerprints).singleElement().asString().matches("[0-9a-f]{16}");
    }

    @Test
    void anotherTypeOrAnotherPlaceIsAnotherFingerprint() {
        assertThat(FailureTrace.fingerprint(made("x"))).isNotEqualTo(FailureTrace.fingerprint(madeElsewhere()));
        RuntimeException one = made("x");
        RuntimeException other = new IllegalArgumentException("x");
        other.setStackTrace(one.getStackTrace());
        assertThat(FailureTrace.fingerprint(one)).isNotEqualTo(FailureTrace.fingerprint(other));
    }

    @Test
    void aMethodCalledByReflectionKeepsItsFingerprintHoweverOftenItIsCalled() throws Exception {
        var method = FailureTraceTest.class.getMethod("reflectively");
        var first = FailureTrace.fingerprint((Throwable) method.invoke(null));
        // the JDK exchanges its accessor after 15 calls (17), or uses method handles (18 and later)
        String last = first;
        for (int i = 0; i < 40; i++) {
            last = FailureTrace.fingerprint((Throwable) method.invoke(null));
            assertThat(last).isEqualTo(first);
        }
    }

    @Test
    void generatedNamesOfLambdasAndProxiesDoNotMatter() {
        RuntimeException one = made("x");
        one.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B$$Lambda$12/0x00001", "run", null, 1)});
        RuntimeException other = made("x");
        other.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B$$Lambda$99/0x0a7b1", "run", null, 7)});

        assertThat(FailureTrace.fingerprint(one)).isEqualTo(FailureTrace.fingerprint(other));
    }

    @Test
    void theTraceHoldsTypesAndFramesOfAllCausesButNoMessageAndIsBounded() {
        Throwable cause = new IllegalArgumentException("canary");
        Throwable thrown = new IllegalStateException("canary", cause);

        String trace = new FailureTrace().render(thrown);

        assertThat(trace)
                .contains("java.lang.IllegalStateException", "Caused by: java.lang.IllegalArgumentException")
                .doesNotContain("canary");
        Throwable deep = cause;
        for (int i = 0; i < 1_000; i++) {
            deep = new IllegalStateException(deep);
        }
        assertThat(new FailureTrace().render(deep)).hasSizeLessThan(4_010);
    }

    @Test
    void causesThatGoRoundInACircleEnd() {
        RuntimeException one = new IllegalStateException("one");
        RuntimeException two = new IllegalStateException("two", one);
        one.initCause(two);

        assertThat(new FailureTrace().render(one)).contains("Caused by");
    }

    @Test
    void aMessageIsCutAfterAThousandCharacters() {
        assertThat(FailureTrace.message(new IllegalStateException("x".repeat(1_000_000))))
                .hasSize(1_000);
        assertThat(FailureTrace.message(new IllegalStateException())).isNull();
    }

    @Test
    void equalTracesAreOneString() {
        FailureTrace traces = new FailureTrace();
        List<String> rendered = IntStream.range(0, 2)
                .mapToObj(i -> traces.render(made("x" + i)))
                .toList();

        assertThat(rendered.get(0)).isSameAs(rendered.get(1));
    }
}

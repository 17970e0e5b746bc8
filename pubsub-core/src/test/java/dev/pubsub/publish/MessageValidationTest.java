package dev.pubsub.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.testing.Engines;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused at publish: each with the value's origin and the limit, and never its content. */
class MessageValidationTest {

    private static final String CANARY = "c4nary";
    private static final String HALF = "\ud83d"; // half a surrogate pair

    @RegisterExtension
    final Engines engines = new Engines();

    private void isAccepted(PubSub engine, Message<?> message) {
        assertThat(engine.publish(message).messageId()).isEqualTo(message.id());
    }

    /** By every way of publishing; the text names all of these and, with its causes, never the canary. */
    private static void isRefused(PubSub engine, Message<?> message, String... naming) {
        Throwable refusal = catchThrowable(() -> engine.publish(message));
        assertThat(refusal).isExactlyInstanceOf(InvalidMessageException.class).hasMessageContainingAll(naming);
        StringWriter printed = new StringWriter();
        refusal.printStackTrace(new PrintWriter(printed));
        assertThat(printed.toString().toLowerCase(java.util.Locale.ROOT)).doesNotContain(CANARY);
        assertThat(engine.publishAsync(message)).isCompletedExceptionally();
        assertThat(engine.deliver(message)).isCompletedExceptionally();
        assertThat(engine.publishAll(List.of(message)).items().get(0).error())
                .isExactlyInstanceOf(InvalidMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "a.b.c", "A-Z_0-9", "dlt.x", "x.dltx", "x.DLT", "-", "_"})
    void topicsAreSegmentsSeparatedByDots(String topic) {
        isAccepted(engines.started(), Message.of(topic, 1));
    }

    static Stream<String> badTopics() {
        return Stream.of(
                        "",
                        ".",
                        ".X",
                        "X.",
                        "X..y",
                        "X y",
                        "X/y",
                        "X.*",
                        "*",
                        "**",
                        "X.**",
                        "Xé",
                        "X\u0430", // Cyrillic
                        "X\r\nFORGED",
                        "X\u0000",
                        "X\u2028",
                        "X" + HALF)
                .map(topic -> topic.replace("X", CANARY));
    }

    @ParameterizedTest
    @MethodSource("badTopics")
    void otherTopicsAreRefused(String topic) {
        isRefused(engines.started(), Message.of(topic, 1), "The message's topic is not valid");
    }

    @Test
    void aTopicHas249CharactersAtMost() {
        PubSub engine = engines.started();
        isAccepted(engine, Message.of("x".repeat(249), 1));
        isRefused(engine, Message.of(CANARY + "x".repeat(244), 1), "topic", "250", "249");
    }

    @Test
    void topicsWhoseLastSegmentIsDltAreReserved() {
        PubSub engine = engines.started();
        isRefused(engine, Message.of("dlt", 1), "dlt", "reserved");
        isRefused(engine, Message.of(CANARY + ".dlt", 1), "dlt", "reserved");
    }

    @Test
    void aNullPayloadOrTopicOrMessageIsRefused() {
        PubSub engine = engines.started();
        assertThat(catchThrowable(() -> engine.publish("t", null))).isInstanceOf(InvalidMessageException.class);
        assertThat(catchThrowable(() -> engine.publish(null, "x"))).isInstanceOf(InvalidMessageException.class);
        assertThat(catchThrowable(() -> engine.publish(null))).isInstanceOf(InvalidMessageException.class);
        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(3);
    }

    @Test
    void aKeyHas1To1024PrintableCharacters() {
        PubSub engine = engines.started();
        isAccepted(engine, Message.of("t", "k".repeat(1_024), 1));
        isAccepted(engine, Message.of("t", "Grüße, 東京 😀", 1));
        isAccepted(engine, Message.of("t", null, 1));
        isRefused(engine, Message.of("t", "", 1), "key", "0", "1,024".replace(",", ""));
        isRefused(engine, Message.of("t", CANARY + "k".repeat(1_024), 1), "key", "1030", "1024");
        for (String evil : List.of("\r", "\n", "\u0000", "\u001b", "\u007f", "\u0085", "\u2028", "\u2029", HALF)) {
            isRefused(engine, Message.of("t", CANARY + evil, 1), "key");
        }
    }

    private static Message<?> withHeader(String name, String value) {
        return Message.builder("t", 1)
                .header("fine", "fine")
                .header(name, value)
                .build();
    }

    @Test
    void headerNamesArePrintableAsciiWithoutBlanks() {
        PubSub engine = engines.started();
        isAccepted(engine, withHeader("X-Trace_Id.1", "v"));
        for (String evil : List.of("", " ", "a b", "a\tb", "a\r\nb", "a\u0000", "é", "a\u007f", "a\u2028", HALF)) {
            String name = evil.isEmpty() ? "" : CANARY + evil;
            isRefused(engine, withHeader(name, CANARY), "header 2", "name");
        }
    }

    @Test
    void headerValuesHoldNoControlCharacters() {
        PubSub engine = engines.started();
        isAccepted(engine, withHeader("h", ""));
        isAccepted(engine, withHeader("h", "Grüße, 東京 😀"));
        for (String evil :
                List.of("\r", "\n", "\t", "\u0000", "\u001b", "\u007f", "\u009b", "\u2028", "\u2029", HALF)) {
            isRefused(engine, withHeader("h", CANARY + evil), "header 2", "value");
        }
    }

    // FAULTS 37
    @Test
    void aHeaderBombIsRefusedAtPublish() {
        PubSub engine = engines.started();
        Message.Builder<Integer> many = Message.builder("t", 1);
        for (int i = 0; i < 10_000; i++) {
            many.header(CANARY + i, CANARY);
        }

        isRefused(engine, many.build(), "10000 headers", "64", "pubsub.message.max-headers");
        isRefused(
                engine,
                withHeader("h", CANARY + "x".repeat(1 << 20)),
                "header 2",
                "bytes",
                "8192",
                "pubsub.message.max-header-size");
        isRefused(engine, withHeader(CANARY + "x".repeat(1 << 20), "v"), "header 2", "pubsub.message.max-header-size");
    }

    @Test
    void theLimitsOfHeadersAreThoseOfTheSettings() {
        PubSub engine = engines.started(builder -> builder.maxHeaders(2).maxHeaderSize(10));
        isAccepted(engine, withHeader("four", "123456"));
        isAccepted(engine, withHeader("four", "12é56"));
        isRefused(engine, withHeader("four", "1234567"), "11", "10", "max-header-size");
        isRefused(engine, withHeader("four", "éé45é"), "12", "10", "max-header-size"); // counted in UTF-8
        Message<?> three = Message.builder("t", 1)
                .header("a", "1")
                .header("b", "2")
                .header("c", "3")
                .build();
        isRefused(engine, three, "3 headers", "2", "max-headers");
    }

    @Test
    void payloadsOfBytesAndTextHaveALimit() {
        PubSub engine = engines.started(builder -> builder.maxPayloadSize(12));
        isAccepted(engine, Message.of("t", new byte[12]));
        isAccepted(engine, Message.of("t", "x".repeat(12)));
        isAccepted(engine, Message.of("t", "東".repeat(4)));
        isAccepted(engine, Message.of("t", "😀".repeat(3)));
        isAccepted(engine, Message.of("t", new int[1_000])); // an object in memory has no size
        isRefused(engine, Message.of("t", new byte[13]), "13 bytes", "12", "pubsub.message.max-payload-size");
        isRefused(engine, Message.of("t", CANARY + "東東東"), "15 bytes", "12");
        isRefused(engine, Message.of("t", "😀".repeat(4)), "16 bytes", "12");
    }

    @Test
    void refusalsAreCountedAndNothingIsAccepted() {
        PubSub engine = engines.started();
        isRefused(engine, Message.of("t", "", 1), "key");
        assertThat(engine.snapshot().publisher().rejected()).isEqualTo(4);
        assertThat(engine.snapshot().publisher().accepted()).isZero();
    }
}

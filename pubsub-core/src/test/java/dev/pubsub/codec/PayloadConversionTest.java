package dev.pubsub.codec;

import static dev.pubsub.testing.Engines.awaitQuiet;
import static dev.pubsub.testing.Engines.figures;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.testing.CapturedLog;
import dev.pubsub.testing.Engines;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Payloads on their way to a handler that takes another type. */
class PayloadConversionTest {

    private static final String CANARY = "canary-4711";

    @RegisterExtension
    final Engines engines = new Engines();

    @RegisterExtension
    final CapturedLog log = new CapturedLog();

    private final List<Object> handled = new CopyOnWriteArrayList<>();

    @SuppressWarnings("unused")
    private static List<String> aListOfStrings() {
        return List.of();
    }

    private PubSub engine(PayloadCodec codec, Type type) {
        PubSub engine = engines.started(builder -> builder.payloadCodec(codec));
        engine.subscribe(
                SubscriptionSpec.builder("s", "t").payloadType(type).build(), (m, d) -> handled.add(m.payload()));
        return engine;
    }

    private static DeadLetter only(PubSub engine) {
        return engine.deadLetters().find(DeadLetterQuery.all()).get(0);
    }

    private void isUndeliverableWithoutItsText(PubSub engine) {
        engine.publish("t", CANARY);
        awaitQuiet(engine);
        DeadLetter letter = only(engine);
        assertThat(letter.reason()).isEqualTo(Reason.UNDELIVERABLE);
        assertThat(letter.attempts()).as("unretried").isEqualTo(1);
        assertThat(letter.exceptionMessage()).contains("java.lang.String").doesNotContain(CANARY);
        assertThat(letter.stackTrace()).doesNotContain(CANARY);
        assertThat(log.lines(ch.qos.logback.classic.Level.WARN)).noneMatch(line -> line.contains(CANARY));
        assertThat(letter.message().payload()).as("kept as it was").isEqualTo(CANARY);
        assertThat(figures(engine, "s").rejected()).isEqualTo(1);
        assertThat(handled).isEmpty();
    }

    @Test
    void aPayloadOfTheTypeIsPassedOnAsItIsWithoutTheCodec() {
        AtomicInteger asked = new AtomicInteger();
        PubSub engine = engine(
                (payload, type) -> {
                    asked.incrementAndGet();
                    return payload;
                },
                CharSequence.class);
        StringBuilder payload = new StringBuilder("the same");

        engine.publish("t", payload);

        awaitQuiet(engine);
        assertThat(handled.get(0)).isSameAs(payload);
        assertThat(asked).hasValue(0);
    }

    @Test
    void aPrimitiveTypeTakesItsBoxedPayload() {
        PubSub engine = engine(PayloadConverter.none(), int.class);
        engine.publish("t", 42);
        awaitQuiet(engine);

        assertThat(handled).containsExactly(42);
    }

    @Test
    void anotherPayloadIsConvertedByTheCodecToTheWholeType() throws Exception {
        Type listOfStrings =
                PayloadConversionTest.class.getDeclaredMethod("aListOfStrings").getGenericReturnType();
        List<Type> asked = new CopyOnWriteArrayList<>();
        PubSub engine = engine(
                (payload, type) -> {
                    asked.add(type);
                    return List.of(payload);
                },
                listOfStrings);
        engine.publish("t", "a");
        awaitQuiet(engine);

        assertThat(handled).containsExactly(List.of("a"));
        assertThat(asked).singleElement().isInstanceOf(ParameterizedType.class);
    }

    @Test
    void withoutACodecAnotherTypeIsUndeliverable() {
        isUndeliverableWithoutItsText(engine(PayloadConverter.none(), Integer.class));
    }

    @Test
    // FAULTS 19
    void aCodecThatFailsMakesThePayloadUndeliverableWithoutItsText() {
        isUndeliverableWithoutItsText(engine(
                (payload, type) -> {
                    throw new IllegalArgumentException("cannot read " + payload);
                },
                Integer.class));
    }

    @Test
    void aCodecThatRecursesTooDeepMakesThePayloadUndeliverable() {
        isUndeliverableWithoutItsText(engine(
                (payload, type) -> {
                    throw new StackOverflowError(payload.toString());
                },
                Integer.class));
    }

    @Test
    void aCodecThatAnswersAnotherTypeMakesThePayloadUndeliverable() {
        isUndeliverableWithoutItsText(engine((payload, type) -> payload, Integer.class));
    }

    @Test
    // FAULTS 19
    void theNextMessageIsHandledAfterOneThatIsUndeliverable() {
        PubSub engine = engine((payload, type) -> Integer.valueOf(payload.toString()), Integer.class);
        engine.publish("t", CANARY);
        engine.publish("t", "12");
        awaitQuiet(engine);

        assertThat(handled).containsExactly(12);
        assertThat(only(engine).message().payload()).isEqualTo(CANARY);
    }

    @Test
    void aListWhoseElementsAreOfAnotherTypeIsConvertedAndOneThatFitsIsNot() throws Exception {
        Type listOfStrings = getClass().getDeclaredMethod("aListOfStrings").getGenericReturnType();
        List<String> converted = List.of("1", "2");
        PubSub engine = engine((payload, type) -> converted, listOfStrings);
        List<String> fits = List.of("a");

        engine.publish("t", fits);
        engine.publish("t", List.of(1, 2));

        awaitQuiet(engine);
        assertThat(handled).containsExactly(fits, converted);
        assertThat(handled.get(0)).isSameAs(fits);
    }
}

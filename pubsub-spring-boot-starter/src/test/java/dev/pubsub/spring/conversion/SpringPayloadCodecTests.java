package dev.pubsub.spring.conversion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.UndeliverableException;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.ParameterizedTypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What becomes what, and what does not. */
class SpringPayloadCodecTests {

    private static final Type ORDERS = new ParameterizedTypeReference<List<Order>>() {}.getType();

    private final SpringPayloadCodec codec = JacksonDecoder.codec(
            JsonMapper.builder()
                    .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                    .build(),
            ApplicationConversionService.getSharedInstance(),
            PayloadTypeNames.of(Map.of("order", Order.class, "refund", Refund.class)));
    private final SpringPayloadCodec plain =
            SpringPayloadCodec.withoutJackson(ApplicationConversionService.getSharedInstance());

    public sealed interface Event permits Order, Refund {}

    public record Order(String number, int total) implements Event {}

    public record Refund(String number) implements Event {}

    /** What another application calls an order. */
    public record Sale(String number) {}

    public static class Bean {
        private String number = "";

        public String getNumber() {
            return number;
        }

        public void setNumber(String number) {
            this.number = number;
        }
    }

    @Test
    void whatIsOfTheTypeStaysWhatItIs() {
        Order order = new Order("A", 1);
        assertThat(codec.convert(order, Order.class)).isSameAs(order);
        assertThat(codec.convert(order, Object.class)).isSameAs(order);
        assertThat(plain.convert(order, Record.class)).isSameAs(order);
    }

    @Test
    void aRegisteredTypeGoesByItsNameAndNoOtherHasOne() {
        assertThat(codec.encode(new Order("A", 1)).typeName()).isEqualTo("order");
        assertThat(codec.encode(new Sale("A")).typeName()).isNull();
        assertThat(codec.encode("text").typeName()).isNull();
    }

    @Test
    void aHandlerOfASupertypeGetsWhatTheNameStandsFor() {
        assertThat(codec.decode(json("refund"), Event.class)).isEqualTo(new Refund("A"));
        assertThat(codec.decode(json("refund"), Object.class)).isEqualTo(new Refund("A"));
        assertThat(codec.decode(json("refund"), Refund.class)).isEqualTo(new Refund("A"));
    }

    @Test
    void aHandlersOwnTypeCountsWhereTheNameStandsForAnotherOrIsNotKnown() {
        assertThat(codec.decode(json("refund"), Sale.class)).isEqualTo(new Sale("A"));
        assertThat(codec.decode(json("unknown"), Sale.class)).isEqualTo(new Sale("A"));
        assertThat(codec.decode(json(null), Sale.class)).isEqualTo(new Sale("A"));
        assertThat(codec.decode(json("unknown"), Object.class)).isInstanceOf(byte[].class);
    }

    @Test
    void aNameThatNobodyRegisteredLoadsNoClass() {
        assertThatExceptionOfType(UndeliverableException.class)
                .isThrownBy(() -> codec.decode(json(Gadget.class.getName()), Event.class));
        assertThat(codec.decode(json(Gadget.class.getName()), Object.class)).isInstanceOf(byte[].class);
        assertThat(gadgetInitialised).isFalse();
    }

    private static boolean gadgetInitialised;

    /** Initialised when an object of it is made. */
    @SuppressWarnings("unused")
    public static class Gadget implements Serializable {

        private static final long serialVersionUID = 1L;

        static {
            gadgetInitialised = true;
        }
    }

    @Test
    void aTypeWithTwoNamesAndANameThatIsNoneAreRefused() {
        Map<String, Class<?>> twice = new LinkedHashMap<>();
        twice.put("order", Order.class);
        twice.put("sale", Order.class);

        assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
                .isThrownBy(() -> PayloadTypeNames.of(twice))
                .withMessageContaining("pubsub.types.");
        assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
                .isThrownBy(() -> PayloadTypeNames.of(Map.of(" ", Order.class)))
                .withMessageContaining("pubsub.types.");
    }

    private static EncodedPayload json(String typeName) {
        return EncodedPayload.of("{\"number\":\"A\"}".getBytes(UTF_8), EncodedPayload.JSON, typeName);
    }

    @Test
    void aStringIsDecoded() {
        assertThat(codec.convert("{\"number\":\"A\",\"total\":1}", Order.class)).isEqualTo(new Order("A", 1));
        assertThat(codec.convert("[{\"number\":\"A\",\"total\":1}]", ORDERS)).isEqualTo(List.of(new Order("A", 1)));
    }

    @Test
    void bytesAreDecoded() {
        assertThat(codec.convert(utf8("{\"number\":\"Ä\",\"total\":1}"), Order.class))
                .isEqualTo(new Order("Ä", 1));
        assertThat(codec.convert(utf8("plain text"), String.class)).isEqualTo("plain text");
        assertThat(codec.convert("text", byte[].class)).isEqualTo(utf8("text"));
    }

    @Test
    void mapsRecordsAndBeansBecomeEachOther() {
        assertThat(codec.convert(Map.of("number", "A", "total", 1), Order.class))
                .isEqualTo(new Order("A", 1));
        assertThat(codec.convert(new Order("A", 1), Map.class)).isEqualTo(Map.of("number", "A", "total", 1));
        assertThat(codec.convert(new Order("A", 1), Bean.class))
                .isInstanceOfSatisfying(
                        Bean.class, bean -> assertThat(bean.getNumber()).isEqualTo("A"));
        assertThat(codec.convert(List.of(Map.of("number", "A", "total", 1)), Order[].class))
                .isEqualTo(new Order[] {new Order("A", 1)});
    }

    @Test
    void scalarsAreConvertedWithAndWithoutJackson() {
        for (SpringPayloadCodec each : List.of(codec, plain)) {
            assertThat(each.convert(42, Long.class)).isEqualTo(42L);
            assertThat(each.convert(42, long.class)).isEqualTo(42L);
            assertThat(each.convert(42, String.class)).isEqualTo("42");
            assertThat(each.convert("42", Integer.class)).isEqualTo(42);
            assertThat(each.convert(1, BigDecimal.class)).isEqualTo(BigDecimal.ONE);
            assertThat(each.convert("SECONDS", TimeUnit.class)).isEqualTo(TimeUnit.SECONDS);
            assertThat(each.convert("123e4567-e89b-12d3-a456-426614174000", UUID.class))
                    .isEqualTo(UUID.fromString("123e4567-e89b-12d3-a456-426614174000"));
            assertThat(each.convert("2026-01-02", LocalDate.class)).isEqualTo(LocalDate.of(2026, 1, 2));
        }
    }

    @Test
    void anObjectNeverBecomesTheTextOfItsToString() {
        refused(codec, new Order("secret", 1), String.class);
        refused(codec, Map.of("a", "secret"), String.class);
        refused(codec, List.of("secret"), String.class);
        refused(plain, new Order("secret", 1), String.class);
    }

    @Test
    void aValueNeverBecomesACollectionOfOne() {
        refused(codec, new Order("secret", 1), ORDERS);
        refused(codec, new Order("secret", 1), List.class);
        refused(codec, new Order("secret", 1), Order[].class);
        refused(codec, 42, List.class);
        refused(codec, "{\"number\":\"secret\"}", ORDERS);
        refused(plain, "secret", List.class);
        refused(plain, 42, List.class);
    }

    @Test
    void aScalarNeverBecomesAnObject() {
        refused(codec, 42, Order.class);
        refused(plain, 42, Order.class);
        refused(plain, "secret", Bean.class);
    }

    @Test
    void whatCannotBeReadIsRefused() {
        refused(codec, "secret", Order.class);
        refused(codec, "null", Order.class);
        refused(codec, "{\"total\":\"secret\"}", Order.class);
        refused(codec, new byte[] {(byte) 0xff, (byte) 0xfe}, String.class);
        refused(codec, Map.of("total", "secret"), Order.class);
        refused(codec, "secret", TimeUnit.class);
    }

    @Test
    void withoutJacksonNothingIsDecoded() {
        refused(plain, "{\"number\":\"secret\",\"total\":1}", Order.class);
        refused(plain, utf8("secret"), String.class);
        refused(plain, Map.of("number", "secret"), Order.class);
    }

    private static void refused(SpringPayloadCodec by, Object payload, Type target) {
        assertThatExceptionOfType(UndeliverableException.class)
                .isThrownBy(() -> by.convert(payload, target))
                .withMessageStartingWith(
                        "A payload of type " + payload.getClass().getName() + " cannot be converted to ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"))
                .withNoCause();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

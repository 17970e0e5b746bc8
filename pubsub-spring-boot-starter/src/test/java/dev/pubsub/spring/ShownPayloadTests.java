package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetterQuery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Payloads where values are shown: as text, by the codec, each field sanitized under its path. */
class ShownPayloadTests {

    private static final String MASK = "******";
    private static final Set<String> paths = new ConcurrentSkipListSet<>();

    private static WebApplication application;

    @BeforeAll
    static void start() {
        application = new WebApplication(App.class, "management.endpoint.pubsubdeadletters.show-values=always");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @AfterEach
    void reset() {
        pubSub().deadLetters().discardAll(DeadLetterQuery.all());
        paths.clear();
    }

    @Test
    void aStructureIsShownAsJson() throws Exception {
        assertThat(json(new Order(new Customer("Ada", new Card("4111", 12)), List.of("a", "b"), null)))
                .isEqualTo(tree("{'customer':{'name':'Ada','card':{'number':'" + MASK
                        + "','month':12}},'tags':['a','b'],'note':null}"));
    }

    @Test
    void eachFieldIsSanitizedUnderItsPath() throws Exception {
        shown(new Order(new Customer("Ada", new Card("4111", 12)), List.of("a", "b"), "n"));
        assertThat(paths)
                .contains(
                        "payload",
                        "customer",
                        "customer.name",
                        "customer.card",
                        "customer.card.number",
                        "customer.card.month",
                        "tags",
                        "note")
                .doesNotContain("tags[0]", "tags.0", "payload.customer");
    }

    @Test
    void elementsOfAnArrayShareItsPath() throws Exception {
        assertThat(json(Map.of("items", List.of(Map.of("secret", "s1", "sku", 1), Map.of("secret", "s2", "sku", 2)))))
                .isEqualTo(tree("{'items':[{'secret':'" + MASK + "','sku':1},{'secret':'" + MASK + "','sku':2}]}"));
        assertThat(json(List.of(Map.of("number", "1"), Map.of("secret", "2"))))
                .isEqualTo(tree("[{'number':'1'},{'secret':'" + MASK + "'}]"));
    }

    @Test
    void aWholeObjectCanBeMasked() throws Exception {
        assertThat(json(Map.of("address", Map.of("street", "Main"), "city", "Rome")))
                .isEqualTo(tree("{'address':'" + MASK + "','city':'Rome'}"));
    }

    @Test
    void encodedPayloadsHaveFieldsToo() throws Exception {
        assertThat(json(" {\"secret\": \"s\", \"amount\": 12.30}"))
                .isEqualTo(tree("{'secret':'" + MASK + "','amount':12.30}"));
        assertThat(json("{\"secret\":\"s\"}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(tree("{'secret':'" + MASK + "'}"));
    }

    @Test
    void otherTextIsShownAsItIs() throws Exception {
        assertThat(shown("<b>plain</b> text")).isEqualTo("<b>plain</b> text");
        assertThat(shown("{\"broken\": ")).isEqualTo("{\"broken\": ");
        assertThat(shown(LocalDate.of(2026, 1, 2))).isEqualTo("\"2026-01-02\"");
        assertThat(shown(42)).isEqualTo("42");
    }

    @Test
    void whatHasNoTextIsNamedByItsType() throws Exception {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThat(shown(new byte[] {(byte) 0xFF, 0})).isEqualTo("(cannot be shown as text: [B)");
        assertThat(shown(new Throwing())).isEqualTo("(cannot be shown as text: " + Throwing.class.getName() + ")");
        assertThat(shown(endless)).isEqualTo("(cannot be shown as text: java.util.ArrayList)");
    }

    @Test
    void textIsCutShort() throws Exception {
        List<String> many = java.util.Collections.nCopies(5_000, "element");
        assertThat(shown(many))
                .hasSize(4_001)
                .startsWith("[\"element\",\"element\"")
                .endsWith("…");
        assertThat(shown(Map.of("long", "y".repeat(9_000)))).hasSize(4_001).startsWith("{\"long\":\"yyy");
    }

    private static JsonNode json(Object payload) throws Exception {
        return JsonMapper.shared().readTree(shown(payload));
    }

    private static JsonNode tree(String json) {
        return JsonMapper.shared().readTree(json.replace('\'', '"'));
    }

    private static String shown(Object payload) throws Exception {
        pubSub().deadLetters().discardAll(DeadLetterQuery.all());
        Starter.deliver(pubSub(), Message.of("failing", payload));
        JsonNode shown = application.get("/actuator/pubsubdeadletters").json().at("/deadLetters/0/message/payload");
        assertThat(shown.isString()).isTrue();
        return shown.asString();
    }

    private static PubSub pubSub() {
        return application.bean(PubSub.class);
    }

    record Order(Customer customer, List<String> tags, String note) {}

    record Customer(String name, Card card) {}

    record Card(String number, int month) {}

    static class Throwing {
        public String getSecret() {
            throw new IllegalStateException("secret");
        }

        @Override
        public String toString() {
            return "secret";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Handler handler() {
            return new Handler();
        }

        @Bean
        SanitizingFunction recording() {
            return data -> {
                paths.add(data.getKey());
                return data;
            };
        }

        @Bean
        SanitizingFunction masking() {
            return SanitizingFunction.sanitizeValue()
                    .ifKeyMatches("customer\\.card\\.number", "(.*\\.)?secret", "address");
        }
    }

    static class Handler {
        @Subscribe("failing")
        void on(Object payload) {
            throw new AssertionError("fails");
        }
    }
}

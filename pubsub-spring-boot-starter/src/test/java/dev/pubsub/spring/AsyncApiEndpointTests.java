package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pubsub.PubSub;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spring.WebApplication.Answer;
import dev.pubsub.spring.actuate.AsyncApiEndpoint;
import dev.pubsub.spring.asyncapi.GeneratedSchemas;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The AsyncAPI document: what it tells, and that AsyncAPI's own schema finds nothing wrong with it. */
class AsyncApiEndpointTests {

    private static WebApplication application;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        application = new WebApplication(App.class, "spring.application.name=Shop");
        Answer answer = application.get("/actuator/pubsubasyncapi");
        assertThat(answer.status()).isEqualTo(200);
        document = answer.json();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    /** AsyncAPI's schema of its documents, see NOTICE.md beside it. */
    private static List<Error> errors(JsonNode document) {
        try (InputStream in = AsyncApiEndpointTests.class.getResourceAsStream("/asyncapi/asyncapi-3.0.0.json")) {
            Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(in);
            return schema.validate(document);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itIsValidByAsyncApisOwnSchema() {
        assertThat(errors(document)).as(document.toPrettyString()).isEmpty();
    }

    @Test
    void thatSchemaWouldFindAMistake() {
        JsonNode mistaken = JsonMapper.shared()
                .readTree(document.toString().replace("\"action\":\"receive\"", "\"action\":\"swallow\""));

        assertThat(errors(mistaken)).isNotEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> targets = document.findValuesAsString("$ref");

        assertThat(targets).hasSizeGreaterThan(10).allSatisfy(target -> {
            assertThat(target).startsWith("#/");
            assertThat(document.at(target.substring(1)).isMissingNode())
                    .as(target)
                    .isFalse();
        });
    }

    @Test
    void theApplicationGivesItsName() {
        assertThat(document.get("asyncapi").asString()).isEqualTo("3.0.0");
        assertThat(document.at("/info/title").asString()).isEqualTo("Shop");
        assertThat(document.at("/info/version").asString()).isEqualTo("unknown");
    }

    @Test
    void aPatternIsAChannelWhoseWildcardsAreParameters() {
        assertThat(document.get("channels").propertyNames())
                .containsExactlyInAnyOrder("orders.created", "quakes.*.*.**", "**", "numbers");
        JsonNode wild = document.at("/channels/quakes.*.*.**");
        assertThat(wild.get("address").asString()).isEqualTo("quakes.{segment1}.{segment2}.{rest}");
        assertThat(wild.get("parameters").propertyNames()).containsExactly("segment1", "segment2", "rest");
        assertThat(document.at("/channels/**/address").asString()).isEqualTo("{rest}");
        assertThat(document.at("/channels/orders.created/address").asString()).isEqualTo("orders.created");
        assertThat(document.at("/channels/orders.created").has("parameters")).isFalse();
        assertThat(document.at("/channels/orders.created/messages").propertyNames())
                .containsExactlyInAnyOrder(
                        "dev.pubsub.spring.Order", "dev.pubsub.spring.AsyncApiEndpointTests_Purchase");
    }

    @Test
    void aSubscriptionIsAnOperationThatReceives() {
        JsonNode operation = document.at("/operations/orders");
        assertThat(operation.get("action").asString()).isEqualTo("receive");
        assertThat(operation.at("/channel/$ref").asString()).isEqualTo("#/channels/orders.created");
        assertThat(operation.at("/messages/0/$ref").asString())
                .isEqualTo("#/channels/orders.created/messages/dev.pubsub.spring.Order");
        assertThat(operation.get("x-pubsub-condition").asString()).isEqualTo("payload.total > 10");
        assertThat(operation.get("description").asString()).contains("payload.total > 10");
        assertThat(document.get("operations").propertyNames())
                .as("one for each pattern where there are several")
                .contains("handlers.everything:**", "handlers.everything:quakes.*.*.**", "handlers.numbers");
    }

    @Test
    void payloadsHaveTheSchemasThatJacksonWrites() {
        JsonNode schemas = document.at("/components/schemas");
        JsonNode order = document.at("/components/messages/dev.pubsub.spring.Order");
        assertThat(order.get("name").asString()).isEqualTo("dev.pubsub.spring.Order");
        assertThat(order.get("title").asString()).isEqualTo("Order");
        String reference = document.at(
                        "/components/messages/dev.pubsub.spring.AsyncApiEndpointTests_Purchase/payload/$ref")
                .asString();
        JsonNode purchase = document.at(reference.substring(1));
        assertThat(purchase.get("type").asString()).isEqualTo("object");
        assertThat(purchase.at("/properties/at/type").asString()).isEqualTo("string");
        assertThat(purchase.at("/properties/orders/type").asString()).isEqualTo("array");
        assertThat(purchase.at("/properties").has("renamed")).isTrue();
        assertThat(schemas.propertyNames()).isNotEmpty().allMatch(name -> name.matches("[A-Za-z0-9._-]+"));
        assertThat(document.at("/components/messages/java.lang.Object").has("payload"))
                .as("anything")
                .isFalse();
        assertThat(document.at("/components/messages/java.util.List_java.lang.Integer_/payload/items/type")
                        .asString())
                .isEqualTo("integer");
    }

    @Test
    void withoutTheGeneratorThereAreNoSchemasAndTheDocumentIsValidToo() {
        new WebApplicationContextRunner()
                .withConfiguration(Starter.autoConfigurations())
                .withPropertyValues("management.endpoints.web.exposure.include=*")
                .withClassLoader(new FilteredClassLoader("com.github.victools"))
                .withBean(Handlers.class)
                .run(context -> {
                    assertThat(context).doesNotHaveBean(GeneratedSchemas.class);
                    JsonNode bare = JsonMapper.shared()
                            .valueToTree(context.getBean(AsyncApiEndpoint.class)
                                    .document()
                                    .getBody());
                    assertThat(bare.get("operations")).isNotEmpty();
                    assertThat(bare.at("/components/schemas")).isEmpty();
                    assertThat(bare.findValues("payload")).isEmpty();
                    assertThat(errors(bare)).isEmpty();
                });
    }

    @Test
    void anEngineWithoutSubscriptionsHasAValidDocumentToo() {
        new WebApplicationContextRunner()
                .withConfiguration(Starter.autoConfigurations())
                .withPropertyValues("management.endpoints.web.exposure.include=*")
                .run(context -> {
                    JsonNode empty = JsonMapper.shared()
                            .valueToTree(context.getBean(AsyncApiEndpoint.class)
                                    .document()
                                    .getBody());
                    assertThat(empty.get("channels")).isEmpty();
                    assertThat(errors(empty)).isEmpty();
                    PubSub pubSub = context.getBean(PubSub.class);
                    pubSub.subscribe(
                            SubscriptionSpec.builder("recursive", "t")
                                    .payloadType(Tree.class)
                                    .build(),
                            (m, d) -> {});
                    JsonNode recursive = JsonMapper.shared()
                            .valueToTree(context.getBean(AsyncApiEndpoint.class)
                                    .document()
                                    .getBody());
                    assertThat(recursive
                                    .at("/components/schemas/Tree/properties/branches/items/$ref")
                                    .asString())
                            .isEqualTo("#/components/schemas/Tree");
                    assertThat(errors(recursive)).isEmpty();
                });
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Handlers handlers() {
            return new Handlers();
        }
    }

    record Purchase(
            Instant at,
            List<Order> orders,
            Map<String, Integer> counts,

            @com.fasterxml.jackson.annotation.JsonProperty("renamed")
            String original) {}

    record Tree(List<Tree> branches) {}

    static class Handlers {
        @Subscribe(id = "orders", topics = "orders.created", condition = "payload.total > 10")
        void orders(Order order) {}

        @Subscribe("orders.created")
        void purchases(Purchase purchase) {}

        @Subscribe({"quakes.*.*.**", "**"})
        void everything(Object payload) {}

        @Subscribe("numbers")
        void numbers(List<Integer> numbers) {}
    }
}

package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an editor knows of the properties. */
class ConfigurationMetadataTests {

    private final JsonNode properties = read().get("properties");

    @Test
    void everyPropertyHasAPlainDescription() {
        assertThat(properties).isNotEmpty().allSatisfy(property -> {
            String description = property.path("description").asString("");
            assertThat(description)
                    .as(property.get("name").asString())
                    .endsWith(".")
                    .doesNotStartWith("The ");
            if (property.get("type").asString().equals("java.lang.Boolean")) {
                assertThat(description).as(property.get("name").asString()).startsWith("Whether ");
            }
        });
    }

    @Test
    void durationsAndSizesHaveTheirTypes() {
        assertThat(type("pubsub.publisher.timeout")).isEqualTo("java.time.Duration");
        assertThat(type("pubsub.message.max-payload-size")).isEqualTo("org.springframework.util.unit.DataSize");
        assertThat(type("pubsub.subscriber.retry.wait-duration")).isEqualTo("java.time.Duration");
        assertThat(type("management.health.pubsub.enabled")).isEqualTo("java.lang.Boolean");
        assertThat(type("management.endpoint.pubsubdeadletters.show-values")).endsWith("Show");
        assertThat(type("management.endpoint.pubsubmessages.show-values")).endsWith("Show");
        assertThat(type("pubsub.journey.capacity")).isEqualTo("java.lang.Integer");
    }

    @Test
    void subscriptionsAreAMapForTheEditor() {
        assertThat(type("pubsub.subscriptions")).startsWith("java.util.Map<");
    }

    private String type(String name) {
        for (JsonNode property : properties) {
            if (property.get("name").asString().equals(name)) {
                return property.get("type").asString();
            }
        }
        throw new AssertionError("No property " + name);
    }

    private static JsonNode read() {
        try (InputStream in = dev.pubsub.spring.settings.PubSubProperties.class.getResourceAsStream(
                "/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.builder().build().readTree(in);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}

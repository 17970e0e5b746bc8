package dev.pubsub.spring.asyncapi;

import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonSchemaModule;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Schemas by victools' generator, which follows Jackson's annotations. */
public final class GeneratedSchemas implements PayloadSchemas {

    private static final Logger log = LoggerFactory.getLogger(GeneratedSchemas.class);

    private final SchemaGenerator generator = new SchemaGenerator(
            // Draft 7 is what AsyncAPI's own schema format is a superset of.
            new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_7, OptionPreset.PLAIN_JSON)
                    .with(new JacksonSchemaModule())
                    .with(Option.DEFINITIONS_FOR_ALL_OBJECTS, Option.PLAIN_DEFINITION_KEYS)
                    .without(Option.SCHEMA_VERSION_INDICATOR)
                    .build());

    @Override
    public Collector collector() {
        return new Definitions(generator.buildMultipleSchemaDefinitions());
    }

    private static final class Definitions implements Collector {

        private final SchemaBuilder builder;

        Definitions(SchemaBuilder builder) {
            this.builder = builder;
        }

        @Override
        public @Nullable Object schema(Type type) {
            try {
                return type == Object.class ? null : builder.createSchemaReference(type);
            } catch (RuntimeException | LinkageError | StackOverflowError e) { // types and annotations are foreign
                log.warn(
                        "No JSON schema can be made of the payload type {}: {}",
                        type.getTypeName(),
                        e.getClass().getName());
                return null;
            }
        }

        @Override
        public Map<String, Object> definitions() {
            Map<String, Object> definitions = new LinkedHashMap<>();
            builder.collectDefinitions("components/schemas")
                    .properties()
                    .forEach(entry -> definitions.put(entry.getKey(), entry.getValue()));
            return definitions;
        }
    }
}

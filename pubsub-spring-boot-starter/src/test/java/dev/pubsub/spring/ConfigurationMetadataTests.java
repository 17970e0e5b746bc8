package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.pubsub.spring.settings.PubSubProperties;
import dev.pubsub.spring.settings.SubscriptionProperties;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an editor knows of the properties: each with its type, its default, its description and what may be written. */
class ConfigurationMetadataTests {

    /** By prefix, with the defaults of each. */
    private static final Map<String, Object> CLASSES = propertiesClasses();

    /** Left unset, what applies depends on what else there is. */
    private static final Set<String> UNSET = Set.of("pubsub.observation.enabled");

    private static final JsonNode METADATA = read();
    private static final Map<String, JsonNode> PROPERTIES = byName(METADATA.get("properties"));
    private static final Map<String, JsonNode> HINTS = byName(METADATA.get("hints"));

    /**
     * A property as the classes have it.
     *
     * @param value its default; null for none
     */
    private record Known(String name, ResolvableType type, Object value) {

        boolean isOf(Class<?> candidate) {
            return candidate.isAssignableFrom(type.toClass());
        }
    }

    @TestFactory
    Stream<DynamicTest> everyPropertyOfTheClasses() {
        return known().stream()
                .map(known -> DynamicTest.dynamicTest(known.name(), () -> {
                    JsonNode property = PROPERTIES.get(known.name());
                    assertThat(property).as("the property itself").isNotNull();
                    assertThat(property.path("type").asString("")).as("type").isEqualTo(typeName(known.type()));
                    assertDefault(known, property.get("defaultValue"));
                    if (known.isOf(Enum.class)) {
                        assertThat(hintValues(known.name()))
                                .as("values that an editor offers")
                                .isEqualTo(Arrays.stream(known.type().toClass().getEnumConstants())
                                        .map(constant -> kebab(constant.toString()))
                                        .toList());
                    } else if (known.isOf(Duration.class) || known.isOf(DataSize.class)) {
                        assertThat(providerTarget(known.name(), "handle-as"))
                                .isEqualTo(known.type().toClass().getName());
                    } else if (known.isOf(Collection.class)
                            && known.type().asCollection().getGeneric(0).toClass() == Class.class) {
                        assertThat(providerTarget(known.name(), "class-reference"))
                                .isEqualTo("java.lang.Throwable");
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyProperty() {
        return PROPERTIES.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    String description = entry.getValue().path("description").asString("");
                    assertThat(description)
                            .endsWith(".")
                            .doesNotStartWith("The ")
                            .doesNotContain("{@", "<", "\n");
                    if (entry.getValue().get("type").asString().equals("java.lang.Boolean")) {
                        assertThat(description).startsWith("Whether ");
                        if (!UNSET.contains(entry.getKey())) {
                            assertThat(entry.getValue().get("defaultValue")).isNotNull();
                        }
                    }
                    assertThat(
                                    known().stream().map(Known::name).toList().contains(entry.getKey())
                                            || entry.getKey()
                                                    .matches(
                                                            "pubsub\\.(subscriptions|types)|management\\.health\\.pubsub\\.enabled"
                                                                    + "|management\\.endpoint\\.pubsub\\w*\\.(access|cache\\.time-to-live)"))
                            .as("known to a class")
                            .isTrue();
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyHint() {
        return HINTS.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    String name = entry.getKey();
                    JsonNode property = PROPERTIES.get(name.replaceFirst("\\.(keys|values)$", ""));
                    assertThat(property).as("the property that it is for").isNotNull();
                    for (JsonNode value : entry.getValue().path("values")) {
                        assertThat(value.path("description").asString("")).endsWith(".");
                        assertBinds(
                                property.get("name").asString(),
                                value.get("value").asString());
                    }
                    for (JsonNode provider : entry.getValue().path("providers")) {
                        assertThat(provider.get("name").asString()).isIn("any", "class-reference", "handle-as");
                        JsonNode target = provider.at("/parameters/target");
                        if (!target.isMissingNode()) {
                            assertThat(ClassUtils.isPresent(target.asString(), null))
                                    .isTrue();
                        }
                    }
                }));
    }

    /** An editor offers below an id what the class of the map's values has. */
    @Test
    void subscriptionsAreAMapOfThePropertiesOfOneWithFreeIds() {
        assertThat(PROPERTIES.get("pubsub.subscriptions").get("type").asString())
                .isEqualTo("java.util.Map<java.lang.String," + SubscriptionProperties.class.getName() + ">");
        assertThat(HINTS.get("pubsub.subscriptions.keys")
                        .at("/providers/0/name")
                        .asString())
                .isEqualTo("any");
    }

    @Test
    void typesAreAMapOfClassesWithFreeNames() {
        assertThat(PROPERTIES.get("pubsub.types").get("type").asString())
                .isEqualTo("java.util.Map<java.lang.String,java.lang.Class<?>>");
        assertThat(HINTS.get("pubsub.types.keys").at("/providers/0/name").asString())
                .isEqualTo("any");
        assertThat(HINTS.get("pubsub.types.values").at("/providers/0/name").asString())
                .isEqualTo("class-reference");
    }

    @Test
    void aSubscriptionHasWhatAllHaveAndItsOwn() {
        assertThat(walk("s", new SubscriptionProperties()).stream().map(Known::name))
                .contains("s.enabled", "s.topics", "s.group", "s.ordering", "s.condition", "s.retry.max-attempts");
    }

    private static Map<String, Object> propertiesClasses() {
        Map<String, Object> byPrefix = new LinkedHashMap<>();
        new ClassFileImporter()
                        .withImportOption(location -> !location.contains("/test-classes/"))
                        .importPackages("dev.pubsub.spring")
                        .stream()
                        .filter(candidate -> candidate.isAnnotatedWith(ConfigurationProperties.class))
                        .forEach(candidate -> byPrefix.put(
                                candidate
                                        .getAnnotationOfType(ConfigurationProperties.class)
                                        .value(),
                                BeanUtils.instantiateClass(candidate.reflect())));
        assertThat(byPrefix).containsKeys("pubsub", "management.endpoint.pubsubdeadletters");
        return byPrefix;
    }

    private static List<Known> known() {
        List<Known> all = new ArrayList<>();
        CLASSES.forEach((prefix, defaults) -> all.addAll(walk(prefix, defaults)));
        return all;
    }

    /** All properties of an object and of the objects in it. */
    private static List<Known> walk(String prefix, Object defaults) {
        List<Known> found = new ArrayList<>();
        for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(defaults.getClass())) {
            if (property.getName().equals("class") || property.getReadMethod() == null) {
                continue;
            }
            String name = prefix + "." + kebab(property.getName());
            Object value = value(property, defaults);
            if (property.getWriteMethod() == null && value != null && !(value instanceof Collection<?>)) {
                found.addAll(walk(name, value));
            } else {
                found.add(new Known(name, ResolvableType.forMethodReturnType(property.getReadMethod()), value));
            }
        }
        return found;
    }

    private static Object value(PropertyDescriptor property, Object owner) {
        try {
            return property.getReadMethod().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static String kebab(String name) {
        return name.contains("_") || name.equals(name.toUpperCase(Locale.ROOT))
                ? name.toLowerCase(Locale.ROOT).replace('_', '-')
                : Introspector.decapitalize(name)
                        .replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                        .toLowerCase(Locale.ROOT);
    }

    private static String typeName(ResolvableType type) {
        return type.hasGenerics()
                ? type.getType().getTypeName()
                : ClassUtils.resolvePrimitiveIfNecessary(type.toClass()).getName();
    }

    private static void assertDefault(Known known, JsonNode written) {
        if (known.value() == null) {
            assertThat(written).as("default").isNull();
            return;
        }
        assertThat(written).as("default").isNotNull();
        if (known.value() instanceof Collection<?> collection) {
            assertThat(written.size()).as("default").isEqualTo(collection.size());
            return;
        }
        assertThat(bind(known.name(), written.asString(), Bindable.of(known.type())))
                .as("default")
                .isEqualTo(known.value());
    }

    private static void assertBinds(String name, String value) {
        List<Known> of =
                known().stream().filter(known -> known.name().equals(name)).toList();
        assertThat(of).hasSize(1);
        assertThat(bind(name, value, Bindable.of(of.get(0).type()))).isNotNull();
    }

    private static Object bind(String name, String value, Bindable<?> type) {
        return new Binder(new MapConfigurationPropertySource(Map.of(name, value)))
                .bind(name, type)
                .get();
    }

    private static List<String> hintValues(String name) {
        return HINTS.containsKey(name)
                ? StreamSupport.stream(HINTS.get(name).path("values").spliterator(), false)
                        .map(value -> value.get("value").asString())
                        .toList()
                : List.of();
    }

    private static String providerTarget(String name, String provider) {
        assertThat(HINTS).as("hints").containsKey(name);
        assertThat(HINTS.get(name).at("/providers/0/name").asString()).isEqualTo(provider);
        return HINTS.get(name).at("/providers/0/parameters/target").asString();
    }

    private static Map<String, JsonNode> byName(JsonNode list) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        list.forEach(one -> byName.put(one.get("name").asString(), one));
        return byName;
    }

    private static JsonNode read() {
        try (InputStream in =
                PubSubProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.builder().build().readTree(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

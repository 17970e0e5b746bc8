package dev.pubsub.spring.settings;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * A source in which the settings of one subscription are found under its relaxed name, whichever way its id is spelt
 * there. Which of two sources wins is so decided by their order alone, as for any other property.
 */
final class EitherSpelling implements IterableConfigurationPropertySource {

    private final ConfigurationPropertySource source;
    private final ConfigurationPropertyName relaxed;
    private final List<ConfigurationPropertyName> spellings;

    private EitherSpelling(ConfigurationPropertySource source, String id) {
        this.source = source;
        this.relaxed = SubscriptionNames.prefix(id);
        this.spellings = SubscriptionNames.prefixes(id);
    }

    /** All sources of an environment, the strongest first. */
    static List<ConfigurationPropertySource> sources(Environment environment, String id) {
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .<ConfigurationPropertySource>map(source -> new EitherSpelling(source, id))
                .toList();
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(@Nullable ConfigurationPropertyName name) {
        return name == null
                ? null
                : spelt(name)
                        .map(source::getConfigurationProperty)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    @Override
    public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
        List<ConfigurationPropertyState> states =
                spelt(name).map(source::containsDescendantOf).distinct().toList();
        if (states.contains(ConfigurationPropertyState.PRESENT)) {
            return ConfigurationPropertyState.PRESENT;
        }
        return states.size() == 1 ? states.get(0) : ConfigurationPropertyState.UNKNOWN;
    }

    @Override
    public Stream<ConfigurationPropertyName> stream() {
        return source instanceof IterableConfigurationPropertySource iterable
                ? iterable.stream().map(this::relaxed)
                : Stream.empty();
    }

    @Override
    public @Nullable Object getUnderlyingSource() {
        return source.getUnderlyingSource();
    }

    private Stream<ConfigurationPropertyName> spelt(ConfigurationPropertyName name) {
        if (!relaxed.equals(name) && !relaxed.isAncestorOf(name)) {
            return Stream.of(name);
        }
        int offset = relaxed.getNumberOfElements();
        return spellings.stream().map(prefix -> append(prefix, name, offset, Form.DASHED));
    }

    private ConfigurationPropertyName relaxed(ConfigurationPropertyName name) {
        for (ConfigurationPropertyName prefix : spellings) {
            if (prefix.isAncestorOf(name)) {
                return append(relaxed, name, prefix.getNumberOfElements(), Form.UNIFORM);
            }
        }
        return name;
    }

    /** Element by element, since Spring Boot's subName fails on names that were appended to. */
    private static ConfigurationPropertyName append(
            ConfigurationPropertyName prefix, ConfigurationPropertyName name, int offset, Form form) {
        ConfigurationPropertyName appended = prefix;
        for (int i = offset; i < name.getNumberOfElements(); i++) {
            String element = name.getElement(i, form);
            appended = appended.append(name.chop(i + 1).isLastElementIndexed() ? "[" + element + "]" : element);
        }
        return appended;
    }
}

package dev.pubsub.spring.settings;

import dev.pubsub.spring.diagnostics.StartupFailures;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Resolves the settings of one subscription: built-in defaults, {@code pubsub.subscriber.*}, the annotation, then
 * {@code pubsub.subscriptions.<id>.*}. Each step is bound onto the result of the one before, since a map of finished
 * objects could not tell what was left out from what equals a default.
 */
public final class SubscriptionSettings {

    private final Environment environment;
    private final Binder binder;

    /** Of a context's environment. */
    public SubscriptionSettings(Environment environment) {
        this.environment = environment;
        this.binder = Binder.get(environment);
    }

    /** Built-in defaults and {@code pubsub.subscriber.*}, in an object of its own. */
    public SubscriptionProperties inherited() {
        SubscriptionProperties properties = new SubscriptionProperties();
        binder.bind(SubscriptionNames.DEFAULTS, Bindable.ofInstance(properties));
        // What only a single subscription can have is no default of all, even where somebody wrote it there.
        properties.setEnabled(true);
        properties.setTopics(new ArrayList<>());
        properties.setGroup(null);
        properties.setOrdering(new SubscriptionProperties().getOrdering());
        properties.setCondition(null);
        return properties;
    }

    /** Puts {@code pubsub.subscriptions.<id>.*} over what is there. */
    public void override(String id, SubscriptionProperties properties) {
        new Binder(EitherSpelling.sources(environment, id), new PropertySourcesPlaceholdersResolver(environment))
                .bind(SubscriptionNames.prefix(id), Bindable.ofInstance(properties));
    }

    /** The property that decided a setting of a subscription, as far as one did. */
    Origin originOf(String id, String key, boolean annotated, String where) {
        String own = "pubsub.subscriptions." + id + "." + key;
        ConfigurationProperty decided = find(
                EitherSpelling.sources(environment, id),
                SubscriptionNames.prefix(id).append(key));
        if (decided != null) {
            return new Origin(own, StartupFailures.origin(decided));
        }
        ConfigurationPropertyName shared = SubscriptionNames.DEFAULTS.append(key);
        ConfigurationProperty property = annotated ? null : find(ConfigurationPropertySources.get(environment), shared);
        return property == null
                ? new Origin(own, "from the annotation on " + where)
                : new Origin(shared.toString(), StartupFailures.origin(property));
    }

    /** Where a property was written; null if nowhere. */
    public @Nullable String originOf(String name) {
        ConfigurationProperty property =
                find(ConfigurationPropertySources.get(environment), ConfigurationPropertyName.of(name));
        return property == null ? null : StartupFailures.origin(property);
    }

    private static @Nullable ConfigurationProperty find(
            Iterable<ConfigurationPropertySource> sources, ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : sources) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return property;
            }
        }
        return null;
    }

    /**
     * Where a setting comes from.
     *
     * @param property the name to write
     * @param place where it was written
     */
    record Origin(String property, String place) {}
}

package dev.pubsub.spring.settings;

import dev.pubsub.spring.diagnostics.StartupFailures;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/** Finds settings that no subscription takes, most often a slip in the id. */
public final class UnusedSettings {

    private static final Logger log = LoggerFactory.getLogger(UnusedSettings.class);

    private static final Set<String> KEYS = Set.of(
            "concurrency",
            "queuecapacity",
            "whenfull",
            "timeout",
            "autostartup",
            "execution",
            "maxabandoned",
            "retry",
            "circuitbreaker",
            "deadletter",
            "enabled",
            "topics",
            "group",
            "ordering",
            "condition");

    private UnusedSettings() {}

    /**
     * Logs a WARN for each configured id that no annotation bears, naming the nearest, and for each setting that a
     * subscription does not know.
     *
     * @param knownIds of annotated methods
     * @param idsInCode of subscriptions that the application made itself, whose settings are in its code
     */
    public static void warn(Environment environment, Collection<String> knownIds, Collection<String> idsInCode) {
        Set<String> relaxedInCode =
                idsInCode.stream().map(SubscriptionNames::relaxed).collect(Collectors.toSet());
        Set<String> relaxedKnown =
                knownIds.stream().map(SubscriptionNames::relaxed).collect(Collectors.toSet());
        for (ConfigurationPropertyName name : unknown(environment, knownIds)) {
            if (relaxedKnown.contains(SubscriptionNames.relaxed(idOf(name)))) {
                log.warn("{} is no setting of a subscription", name);
            }
        }
        for (String id : configuredIds(environment, knownIds)) {
            if (relaxedKnown.contains(SubscriptionNames.relaxed(id))) {
                continue;
            }
            if (relaxedInCode.contains(SubscriptionNames.relaxed(id))) {
                log.warn(
                        "pubsub.subscriptions.{} has no effect: that subscription is made in code, with its settings",
                        id);
                continue;
            }
            String nearest = StartupFailures.nearest(id, knownIds);
            log.warn(
                    "pubsub.subscriptions.{} configures an id that no subscription of this context bears{}",
                    id,
                    nearest == null ? "" : "; did you mean '" + nearest + "'?");
        }
    }

    private static Set<String> configuredIds(Environment environment, Collection<String> knownIds) {
        return unknown(environment, knownIds).stream()
                .map(UnusedSettings::idOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<ConfigurationPropertyName> unknown(Environment environment, Collection<String> knownIds) {
        Set<ConfigurationPropertyName> known = new HashSet<>();
        knownIds.forEach(id -> known.addAll(SubscriptionNames.prefixes(id)));
        Set<ConfigurationPropertyName> unknown = new TreeSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(SubscriptionNames.SUBSCRIPTIONS::isAncestorOf)
                        .filter(name -> known.stream().noneMatch(prefix -> isSetting(prefix, name)))
                        .forEach(unknown::add);
            }
        }
        return unknown;
    }

    /** An id below which nothing is written is none to complain of. */
    private static boolean isSetting(ConfigurationPropertyName prefix, ConfigurationPropertyName name) {
        return prefix.equals(name) || (prefix.isAncestorOf(name) && isKeyAt(name, prefix.getNumberOfElements()));
    }

    /** Environment variables may write a key's dash as an underscore, which looks like two elements. */
    private static boolean isKeyAt(ConfigurationPropertyName name, int index) {
        String element = name.getElement(index, Form.UNIFORM);
        return KEYS.contains(element)
                || (index + 1 < name.getNumberOfElements()
                        && KEYS.contains(element + name.getElement(index + 1, Form.UNIFORM)));
    }

    /** What stands before the first key that a subscription knows; ids themselves may have several elements. */
    private static String idOf(ConfigurationPropertyName name) {
        int first = SubscriptionNames.SUBSCRIPTIONS.getNumberOfElements();
        int elements = name.getNumberOfElements();
        int end = first + 1;
        while (end < elements && !isKeyAt(name, end)) {
            end++;
        }
        if (end == elements) {
            end = Math.max(first + 1, elements - 1);
        }
        StringBuilder id = new StringBuilder();
        for (int i = first; i < end; i++) {
            id.append(i == first ? "" : ".").append(name.getElement(i, Form.ORIGINAL));
        }
        return id.toString();
    }
}

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

/** Finds settings of subscriptions that do not exist, most often a slip in the id. */
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
     * Logs a WARN for each configured id that no annotation bears, naming the nearest.
     *
     * @param knownIds of annotated methods
     * @param idsInCode of subscriptions that the application made itself, whose settings are in its code
     */
    public static void warn(Environment environment, Collection<String> knownIds, Collection<String> idsInCode) {
        Set<String> relaxedInCode =
                idsInCode.stream().map(SubscriptionNames::relaxed).collect(Collectors.toSet());
        for (String id : configuredIds(environment, knownIds)) {
            if (relaxedInCode.contains(SubscriptionNames.relaxed(id))) {
                log.warn(
                        "pubsub.subscriptions.{} has no effect: that subscription is made in code, with its settings",
                        id);
                continue;
            }
            String nearest = StartupFailures.nearest(id, knownIds);
            log.warn(
                    "pubsub.subscriptions.{} configures a subscription that does not exist{}",
                    id,
                    nearest == null ? "" : "; did you mean '" + nearest + "'?");
        }
    }

    static Set<String> configuredIds(Environment environment, Collection<String> knownIds) {
        Set<ConfigurationPropertyName> known = new HashSet<>();
        knownIds.forEach(id -> known.addAll(SubscriptionNames.prefixes(id)));
        Set<String> unknown = new TreeSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(SubscriptionNames.SUBSCRIPTIONS::isAncestorOf)
                        .filter(name -> known.stream().noneMatch(prefix -> prefix.isAncestorOf(name)))
                        .forEach(name -> unknown.add(idOf(name)));
            }
        }
        return unknown;
    }

    /** What stands before the first key that a subscription knows; ids themselves may have several elements. */
    private static String idOf(ConfigurationPropertyName name) {
        int first = SubscriptionNames.SUBSCRIPTIONS.getNumberOfElements();
        int elements = name.getNumberOfElements();
        int end = first + 1;
        while (end < elements && !KEYS.contains(name.getElement(end, Form.UNIFORM))) {
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

package dev.pubsub.spring.settings;

import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.util.StringUtils;

/**
 * Where the settings of a subscription are written. An id may hold dots, upper case and underscores, which a property's
 * name cannot; its relaxed form is what is left of it in a name, so {@code billing.onOrder} is found in YAML and in
 * environment variables alike.
 */
public final class SubscriptionNames {

    static final ConfigurationPropertyName DEFAULTS = ConfigurationPropertyName.of("pubsub.subscriber");
    static final ConfigurationPropertyName SUBSCRIPTIONS = ConfigurationPropertyName.of("pubsub.subscriptions");

    private SubscriptionNames() {}

    /** Two ids with the same relaxed form cannot be told apart in properties. */
    public static String relaxed(String id) {
        StringBuilder relaxed = new StringBuilder(id.length());
        for (String segment : StringUtils.delimitedListToStringArray(id, ".")) {
            String uniform = segment.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
            if (!uniform.isEmpty()) {
                relaxed.append(relaxed.isEmpty() ? "" : ".").append(uniform);
            }
        }
        return relaxed.toString();
    }

    /** The name that stands before a setting of this subscription, whoever wrote it. */
    static ConfigurationPropertyName prefix(String id) {
        return SUBSCRIPTIONS.append(ConfigurationPropertyName.of(relaxed(id)));
    }

    /** The names that may stand there in a source; where one source has both, the first wins. */
    static List<ConfigurationPropertyName> prefixes(String id) {
        return List.of(SUBSCRIPTIONS.append("[" + id + "]"), prefix(id));
    }
}

package dev.pubsub.spring.subscriptions;

import dev.pubsub.Ordering;
import dev.pubsub.spring.Subscribe;
import dev.pubsub.spring.diagnostics.StartupFailures;
import dev.pubsub.spring.settings.SubscriptionProperties;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.StringUtils;

/** The attributes of an annotation as settings; those left out leave what is inherited. */
final class AnnotatedSettings {

    private final Subscribe annotation;
    private final UnaryOperator<String> placeholders;
    private final String where;
    private final Set<String> keys = new HashSet<>();

    AnnotatedSettings(Subscribe annotation, UnaryOperator<String> placeholders, String where) {
        this.annotation = annotation;
        this.placeholders = placeholders;
        this.where = where;
    }

    /** Puts them over what is there; returns the keys of those that were given. */
    Set<String> applyTo(SubscriptionProperties to) {
        set("concurrency", annotation.concurrency(), Integer::valueOf, "a whole number", "\"4\"", to::setConcurrency);
        set(
                "queueCapacity",
                annotation.queueCapacity(),
                Integer::valueOf,
                "a whole number",
                "\"1024\"",
                to::setQueueCapacity);
        set(
                "timeout",
                annotation.timeout(),
                DurationStyle::detectAndParse,
                "a duration such as 200ms or 30s",
                "\"30s\"",
                to::setTimeout);
        set(
                "autoStartup",
                annotation.autoStartup(),
                AnnotatedSettings::bool,
                "true or false",
                "\"false\"",
                to::setAutoStartup);
        set("group", annotation.group(), Function.identity(), "a name", "\"billing\"", to::setGroup);
        set(
                "condition",
                annotation.condition(),
                Function.identity(),
                "an expression",
                "\"payload.total > 100\"",
                to::setCondition);
        Ordering[] ordering = annotation.ordering();
        if (ordering.length > 1) {
            throw StartupFailures.invalidAttribute(
                    "ordering", List.of(ordering).toString(), "a single value", "Ordering.KEY", where);
        }
        if (ordering.length == 1) {
            to.setOrdering(ordering[0]);
        }
        List<String> topics = topics();
        if (!topics.isEmpty()) {
            to.setTopics(topics);
        }
        return keys;
    }

    private List<String> topics() {
        List<String> topics = new ArrayList<>();
        for (String topic : annotation.topics()) {
            for (String single : StringUtils.commaDelimitedListToStringArray(placeholders.apply(topic))) {
                topics.add(single.trim());
            }
        }
        return topics;
    }

    private <V> void set(
            String attribute,
            String text,
            Function<String, V> parser,
            String expected,
            String example,
            Consumer<V> to) {
        if (text.isEmpty()) {
            return;
        }
        String value = placeholders.apply(text).trim();
        V parsed;
        try {
            parsed = parser.apply(value);
        } catch (IllegalArgumentException e) {
            throw StartupFailures.invalidAttribute(attribute, value, expected, example, where);
        }
        to.accept(parsed);
        keys.add(attribute.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
    }

    private static Boolean bool(String text) {
        if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
            throw new IllegalArgumentException(text);
        }
        return Boolean.valueOf(text);
    }
}

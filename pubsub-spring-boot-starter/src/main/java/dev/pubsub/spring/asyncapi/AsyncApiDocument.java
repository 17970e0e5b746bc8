package dev.pubsub.spring.asyncapi;

import dev.pubsub.Names;
import dev.pubsub.Subscription;
import dev.pubsub.SubscriptionSpec;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes an AsyncAPI 3.0 document: a channel for each pattern, a message for each payload type, an operation for each
 * pattern of a subscription. Made for one document; not safe for use by several threads at once.
 */
public final class AsyncApiDocument {

    /** The version of the specification. */
    public static final String VERSION = "3.0.0";

    private final PayloadSchemas.Collector schemas;
    private final Function<SubscriptionSpec<?>, @Nullable String> conditions;
    private final Map<String, Object> channels = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> channelMessages = new LinkedHashMap<>();
    private final Map<String, Object> operations = new LinkedHashMap<>();
    private final Map<String, Object> messages = new LinkedHashMap<>();
    private final Map<Type, String> messageNames = new LinkedHashMap<>();
    private final Set<String> takenNames = new HashSet<>();

    /**
     * An empty document.
     *
     * @param conditions the text of a subscription's condition; null for none
     */
    public AsyncApiDocument(PayloadSchemas schemas, Function<SubscriptionSpec<?>, @Nullable String> conditions) {
        this.schemas = schemas.collector();
        this.conditions = conditions;
    }

    /** The document, as maps, lists and texts that any JSON mapper writes. */
    public Map<String, Object> describe(String title, String version, List<Subscription> subscriptions) {
        subscriptions.stream().sorted(Comparator.comparing(Subscription::id)).forEach(this::add);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("asyncapi", VERSION);
        document.put("info", Map.of("title", title, "version", version));
        document.put("defaultContentType", "application/json");
        document.put("channels", channels);
        document.put("operations", operations);
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("messages", messages);
        components.put("schemas", schemas.definitions());
        document.put("components", components);
        return document;
    }

    private void add(Subscription subscription) {
        SubscriptionSpec<?> spec = subscription.spec();
        String message = message(spec.payloadType());
        for (String pattern : spec.patterns()) {
            String name = spec.patterns().size() == 1 ? spec.id() : spec.id() + ":" + pattern;
            operations.put(name, operation(spec, pattern, message));
        }
    }

    private Map<String, Object> operation(SubscriptionSpec<?> spec, String pattern, String message) {
        addToChannel(pattern, message);
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("action", "receive");
        operation.put("channel", reference("#/channels/" + pattern));
        operation.put("title", spec.id());
        String condition = conditions.apply(spec);
        if (condition != null) {
            operation.put("description", "Takes only messages for which this holds: " + condition);
            operation.put("x-pubsub-condition", condition);
        }
        operation.put("messages", List.of(reference("#/channels/" + pattern + "/messages/" + message)));
        operation.put("x-pubsub-subscription", spec.id());
        operation.put("x-pubsub-ordering", spec.ordering().name());
        return operation;
    }

    private void addToChannel(String pattern, String message) {
        channelMessages
                .computeIfAbsent(pattern, added -> {
                    Map<String, Object> itsMessages = new LinkedHashMap<>();
                    channels.put(added, channel(added, itsMessages));
                    return itsMessages;
                })
                .put(message, reference("#/components/messages/" + message));
    }

    private static Map<String, Object> channel(String pattern, Map<String, Object> itsMessages) {
        List<String> address = new ArrayList<>();
        Map<String, Object> parameters = new LinkedHashMap<>();
        for (String segment : pattern.split("\\.", -1)) {
            String name =
                    switch (segment) {
                        case "*" -> "segment" + (parameters.size() + 1);
                        case "**" -> "rest";
                        default -> null;
                    };
            if (name != null) {
                parameters.put(name, Map.of("description", describe(segment)));
            }
            address.add(name == null ? segment : "{" + name + "}");
        }
        Map<String, Object> channel = new LinkedHashMap<>();
        channel.put("address", String.join(".", address));
        channel.put("title", pattern);
        if (!parameters.isEmpty()) {
            channel.put("description", "Every topic that the pattern " + pattern + " matches.");
            channel.put("parameters", parameters);
        }
        channel.put("messages", itsMessages);
        return channel;
    }

    private static String describe(String wildcard) {
        return wildcard.equals("*")
                ? "Exactly one segment of letters, digits, _ and -."
                : "Zero or more segments, separated by dots; with none, the dot before it is left out. A last segment "
                        + Names.DEAD_LETTER_SEGMENT + " is reserved.";
    }

    /** The name of the type's message, which is added where it is new. */
    private String message(Type type) {
        return messageNames.computeIfAbsent(type, added -> {
            String name = freeName(added.getTypeName().replaceAll("[^A-Za-z0-9._-]", "_"));
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("name", added.getTypeName());
            message.put("title", title(added));
            Object schema = schemas.schema(added);
            if (schema != null) {
                message.put("payload", schema);
            }
            messages.put(name, message);
            return name;
        });
    }

    private String freeName(String wanted) {
        String name = wanted;
        for (int i = 2; !takenNames.add(name); i++) {
            name = wanted + "-" + i;
        }
        return name;
    }

    private static String title(Type type) {
        return type instanceof Class<?> known ? known.getSimpleName() : type.getTypeName();
    }

    private static Map<String, Object> reference(String target) {
        return Map.of("$ref", target);
    }
}

package dev.pubsub.spring.actuate;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/**
 * Writes JSON anew, with every field passed through a sanitizer under its path: {@code customer.card.number}, and
 * {@code items.price} whatever the place in the array, so that a rule on a name masks all elements. Objects and arrays
 * are asked for as a whole first, the whole payload as {@code payload}. Ends as soon as the limit is reached.
 */
final class SanitizedJson {

    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .reader();

    private final @Nullable Sanitize sanitize;
    private final int limit;
    private final StringBuilder out = new StringBuilder();

    private SanitizedJson(@Nullable Sanitize sanitize, int limit) {
        this.sanitize = sanitize;
        this.limit = limit;
    }

    /** What is left of a value, given its path. */
    @FunctionalInterface
    interface Sanitize {
        String sanitize(String path, String text);
    }

    /**
     * The text with its fields sanitized, cut after {@code limit} characters; null if it is no JSON object or array.
     */
    static @Nullable String of(String text, Sanitize sanitize, int limit) {
        JsonNode root = parse(text);
        if (root == null || !root.isContainer()) {
            return null;
        }
        return new SanitizedJson(sanitize, limit).write(root, "").toString();
    }

    private static @Nullable JsonNode parse(String text) {
        String start = text.stripLeading();
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return null;
        }
        try {
            return READER.readTree(text);
        } catch (JacksonException e) {
            return null;
        }
    }

    private SanitizedJson write(JsonNode node, String path) {
        if (sanitize != null && !node.isNull()) {
            String plain = node.isContainer() ? plain(node) : node.asString();
            String sanitized = sanitize.sanitize(path.isEmpty() ? "payload" : path, plain);
            if (!sanitized.equals(plain)) {
                return quote(sanitized);
            }
        }
        if (node.isObject()) {
            return writeFields(node, path);
        }
        if (node.isArray()) {
            return writeElements(node, path);
        }
        return node.isString() ? quote(node.asString()) : append(node.toString());
    }

    private SanitizedJson writeFields(JsonNode object, String path) {
        append("{");
        String comma = "";
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (isFull()) {
                return this;
            }
            append(comma).quote(field.getKey()).append(":");
            write(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey());
            comma = ",";
        }
        return append("}");
    }

    private SanitizedJson writeElements(JsonNode array, String path) {
        append("[");
        String comma = "";
        for (JsonNode element : array) {
            if (isFull()) {
                return this;
            }
            append(comma).write(element, path);
            comma = ",";
        }
        return append("]");
    }

    /** What a sanitizer sees of an object or an array as a whole. */
    private String plain(JsonNode node) {
        return new SanitizedJson(null, limit).write(node, "").toString();
    }

    private SanitizedJson quote(String text) {
        return append(StringNode.valueOf(text.substring(0, Math.min(text.length(), limit)))
                .toString());
    }

    private SanitizedJson append(String text) {
        out.append(text, 0, Math.min(text.length(), limit + 1 - Math.min(out.length(), limit + 1)));
        return this;
    }

    private boolean isFull() {
        return out.length() > limit;
    }

    @Override
    public String toString() {
        return Texts.capped(out.toString(), limit);
    }
}

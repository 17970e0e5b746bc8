package dev.pubsub.spring.asyncapi;

import java.lang.reflect.Type;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON schemas of payload types, for one document after another. Safe for use by any thread. */
public interface PayloadSchemas {

    /** No schemas. */
    PayloadSchemas NONE = () -> new Collector() {
        @Override
        public @Nullable Object schema(Type type) {
            return null;
        }

        @Override
        public Map<String, Object> definitions() {
            return Map.of();
        }
    };

    /** Begins a document. */
    Collector collector();

    /** The schemas of one document. Not safe for use by several threads at once. */
    interface Collector {

        /**
         * The schema of a type, which may refer to {@link #definitions}, as a value that Jackson writes; null where
         * there is none.
         */
        @Nullable
        Object schema(Type type);

        /** What the schemas so far refer to, below {@code #/components/schemas}; asked for once, last. */
        Map<String, Object> definitions();
    }
}

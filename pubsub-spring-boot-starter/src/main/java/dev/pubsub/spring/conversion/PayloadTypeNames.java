package dev.pubsub.spring.conversion;

import dev.pubsub.Names;
import dev.pubsub.spi.PayloadTypes;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The logical names of payload types, which go with messages that leave the process. What is not registered has no
 * name, and a name that is not registered means nothing: no name ever leads to a class that the application has not
 * listed (CVE-2023-34050 shows what comes of the contrary). Immutable.
 */
public final class PayloadTypeNames {

    private static final PayloadTypeNames NONE = new PayloadTypeNames(Map.of());
    private static final int MAX_LENGTH = 255;

    private final Map<String, Class<?>> types;
    private final Map<Class<?>, String> names = new HashMap<>();

    private PayloadTypeNames(Map<String, Class<?>> types) {
        this.types = Map.copyOf(types);
        types.forEach((name, type) -> {
            String problem = problem(name, type);
            if (problem != null) {
                throw new InvalidConfigurationPropertyValueException("pubsub.types." + name, type.getName(), problem);
            }
            names.put(type, name);
        });
    }

    private @Nullable String problem(String name, Class<?> type) {
        if (name.isBlank() || name.length() > MAX_LENGTH || Names.textProblem(name) != null) {
            return "The name must have 1 to 255 characters, without control characters.";
        }
        if (names.containsKey(type)) {
            return "It has the name '" + names.get(type) + "' already, and one name only can go with a message.";
        }
        return null;
    }

    /**
     * What stands behind each name.
     *
     * @throws InvalidConfigurationPropertyValueException if a name is not valid, or a type has two
     */
    public static PayloadTypeNames of(Map<String, Class<?>> types) {
        return types.isEmpty() ? NONE : new PayloadTypeNames(types);
    }

    /** The name of a payload's type; null for none. */
    @Nullable
    String nameOf(Object payload) {
        return names.get(payload.getClass());
    }

    /**
     * What to read a payload as that bears this name, for a handler of {@code target}: the named type where that is one
     * of the handler's, so that an interface gets what was sent. Else as the handler says: another application may have
     * a class of its own for the same thing.
     */
    Type refine(Type target, @Nullable String name) {
        Class<?> named = name == null ? null : types.get(name);
        Class<?> raw = PayloadTypes.rawClass(target);
        return named != null && named != raw && raw.isAssignableFrom(named) ? named : target;
    }
}

package dev.pubsub.spi;

import java.lang.invoke.MethodType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.Map;

/** Whether a payload is of a handler's type already, as far as that can be seen. */
public final class PayloadTypes {

    private PayloadTypes() {}

    /** The class behind a type; of a primitive its wrapper. */
    public static Class<?> rawClass(Type type) {
        if (type instanceof Class<?> plain) {
            return MethodType.methodType(plain).wrap().returnType();
        }
        if (type instanceof ParameterizedType parameterized) {
            return rawClass(parameterized.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            return rawClass(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof WildcardType wildcard) {
            return rawClass(wildcard.getUpperBounds()[0]);
        }
        if (type instanceof TypeVariable<?> variable) {
            return rawClass(variable.getBounds()[0]);
        }
        return Object.class;
    }

    /**
     * Whether the payload is an instance of the type: of its class, and, for collections and maps with type arguments,
     * each element too, or a handler of {@code List<Order>} would be given a list of maps. Other type arguments cannot
     * be seen in an object.
     */
    public static boolean isInstance(Object payload, Type type) {
        if (!rawClass(type).isInstance(payload)) {
            return false;
        }
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = parameterized.getActualTypeArguments();
            if (payload instanceof Collection<?> elements && arguments.length == 1) {
                return allAre(elements, arguments[0]);
            }
            if (payload instanceof Map<?, ?> map && arguments.length == 2) {
                return allAre(map.keySet(), arguments[0]) && allAre(map.values(), arguments[1]);
            }
        }
        return true;
    }

    private static boolean allAre(Collection<?> elements, Type type) {
        for (Object element : elements) {
            if (element != null && !isInstance(element, type)) {
                return false;
            }
        }
        return true;
    }
}

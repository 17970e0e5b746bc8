package dev.pubsub.spring.handler;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.spring.diagnostics.StartupFailure;
import dev.pubsub.spring.diagnostics.StartupFailures;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.ValueConstants;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Reads what a handler's method takes and returns; what cannot work stops the start here, and not the first message.
 */
public final class HandlerMethodReader {

    private final HandlerContext context;
    private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

    /** With what handlers are made with. */
    public HandlerMethodReader(HandlerContext context) {
        this.context = context;
    }

    /**
     * Reads a method.
     *
     * @param targetClass the bean's own class, by which type variables are resolved
     * @throws StartupFailure if the method cannot be a handler
     */
    public HandlerMethod read(Method method, Class<?> targetClass) {
        if (Modifier.isStatic(method.getModifiers())) {
            throw StartupFailures.badParameter(
                    method,
                    "it is static, and a subscription belongs to a bean",
                    "void " + method.getName() + "(Order order)");
        }
        List<Argument> arguments = new ArrayList<>();
        Types types = new Types(method);
        for (int i = 0; i < method.getParameterCount(); i++) {
            SynthesizingMethodParameter parameter = new SynthesizingMethodParameter(method, i);
            parameter.initParameterNameDiscovery(names);
            arguments.add(argument(method, parameter.withContainingClass(targetClass), targetClass, types));
        }
        return new HandlerMethod(method, List.copyOf(arguments), types.payloadType(), ResultHandler.of(method));
    }

    private Argument argument(Method method, MethodParameter parameter, Class<?> targetClass, Types types) {
        String name = parameter.getParameterName();
        if (name == null) {
            name = "arg" + parameter.getParameterIndex();
        }
        Class<?> type = parameter.getParameterType();
        if (org.springframework.messaging.Message.class.isAssignableFrom(type)
                || MessageHeaders.class.isAssignableFrom(type)) {
            throw StartupFailures.wrongMessageType(method, type);
        }
        Header header = parameter.getParameterAnnotation(Header.class);
        if (header != null) {
            return header(method, parameter, header, name);
        }
        if (parameter.hasParameterAnnotation(Headers.class)) {
            if (!type.isAssignableFrom(Map.class)) {
                throw StartupFailures.badParameter(
                        method,
                        "@Headers parameter '" + name + "' is a " + type.getTypeName() + ", not a Map<String, String>",
                        "void " + method.getName() + "(Order order, @Headers Map<String, String> headers)");
            }
            return new Argument.AllHeaders(name);
        }
        if (type == Message.class) {
            types.message(messageType(parameter, targetClass), name);
            return new Argument.WholeMessage(name);
        }
        if (type == Delivery.class) {
            return new Argument.Attempt(name);
        }
        Payload payload = parameter.getParameterAnnotation(Payload.class);
        if (payload != null && StringUtils.hasText(payload.expression())) {
            throw StartupFailures.badParameter(
                    method,
                    "@Payload on '" + name
                            + "' has an expression; the whole payload is converted to the parameter's type",
                    "void " + method.getName() + "(@Payload Order order)");
        }
        types.payload(GenericTypeResolver.resolveType(parameter.getGenericParameterType(), targetClass), name);
        return new Argument.Payload(name);
    }

    private Argument.OneHeader header(
            Method method, MethodParameter parameter, Header annotation, String parameterName) {
        String name = StringUtils.hasText(annotation.name())
                ? context.placeholders().apply(annotation.name())
                : parameterName;
        if (!Argument.OneHeader.isKnown(name)) {
            throw StartupFailures.badParameter(
                    method,
                    "there is no header '" + name + "': names beginning with pubsub- are the engine's own, in"
                            + " dev.pubsub.PubSubHeaders",
                    "void " + method.getName() + "(Order order, @Header(PubSubHeaders.TOPIC) String topic)");
        }
        String defaultValue = ValueConstants.DEFAULT_NONE.equals(annotation.defaultValue())
                ? null
                : context.placeholders().apply(annotation.defaultValue());
        boolean optional = parameter.getParameterType() == Optional.class;
        Class<?> type = optional ? parameter.nested().getNestedParameterType() : parameter.getParameterType();
        boolean required = annotation.required() && defaultValue == null && !parameter.isOptional();
        if (!required && defaultValue == null && type.isPrimitive()) {
            throw StartupFailures.badParameter(
                    method,
                    "@Header parameter '" + parameterName + "' may be missing, but is of the primitive type " + type,
                    "@Header(name = \"" + name + "\", defaultValue = \"0\") " + type + " " + parameterName);
        }
        return new Argument.OneHeader(
                parameterName,
                name,
                ClassUtils.resolvePrimitiveIfNecessary(type),
                optional,
                required,
                defaultValue,
                context.conversionService());
    }

    private static Type messageType(MethodParameter parameter, Class<?> targetClass) {
        Type resolved = GenericTypeResolver.resolveType(parameter.getGenericParameterType(), targetClass);
        Type argument = ResolvableType.forType(resolved).getGeneric(0).getType();
        if (argument instanceof WildcardType wildcard) {
            argument = wildcard.getUpperBounds()[0];
        }
        return argument == ResolvableType.NONE.getType()
                        || ResolvableType.forType(argument).resolve() == null
                ? Object.class
                : argument;
    }

    /** The payload's type, which several parameters may name, but only alike. */
    private static final class Types {

        private final Method method;
        private @Nullable Type payload;
        private @Nullable String payloadName;
        private @Nullable Type message;
        private @Nullable String messageName;

        Types(Method method) {
            this.method = method;
        }

        void payload(Type type, String name) {
            if (payload != null) {
                throw StartupFailures.badParameter(
                        method,
                        "parameters '" + payloadName + "' and '" + name
                                + "' would both be the payload; say what the other"
                                + " one is with @Header or @Headers",
                        "void " + method.getName() + "(Order order, @Header(\"" + name + "\") String " + name + ")");
            }
            payload = type instanceof Class<?> c ? ClassUtils.resolvePrimitiveIfNecessary(c) : type;
            if (ResolvableType.forType(type).resolve() == null) {
                payload = Object.class;
            }
            payloadName = name;
        }

        void message(Type type, String name) {
            if (message == null || message == Object.class) {
                message = type;
                messageName = name;
            } else if (type != Object.class && !type.equals(message)) {
                throw different(messageName, message, name, type);
            }
        }

        Type payloadType() {
            if (payload == null) {
                return message == null ? Object.class : message;
            }
            if (message != null && message != Object.class && !message.equals(payload)) {
                throw different(payloadName, payload, messageName, message);
            }
            return payload;
        }

        private StartupFailure different(@Nullable String a, Type typeOfA, @Nullable String b, Type typeOfB) {
            return StartupFailures.badParameter(
                    method,
                    "'" + a + "' asks for a payload of type " + typeOfA.getTypeName() + " and '" + b
                            + "' for one of type " + typeOfB.getTypeName() + ", but there is one payload",
                    "void " + method.getName() + "(Order order, dev.pubsub.Message<Order> message)");
        }
    }
}

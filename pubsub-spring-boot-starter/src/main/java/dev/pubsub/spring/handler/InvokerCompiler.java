package dev.pubsub.spring.handler;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.springframework.aop.support.AopUtils;

/**
 * Makes one method handle of a handler's method and all its arguments: {@code (bean, message, delivery) -> result}. No
 * reflection and no resolver of arguments is left in an attempt.
 */
final class InvokerCompiler {

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodType CALL =
            MethodType.methodType(Object.class, Object.class, Message.class, Delivery.class);
    private static final MethodHandle PAYLOAD = virtual(Message.class, "payload", Object.class);
    private static final MethodHandle HEADERS = virtual(Message.class, "headers", Map.class);
    private static final MethodHandle HEADER =
            virtual(Argument.OneHeader.class, "resolve", Object.class, Message.class, Delivery.class);

    private InvokerCompiler() {}

    static MethodHandle compile(HandlerMethod handler, Class<?> beanClass) {
        Method method = AopUtils.selectInvocableMethod(handler.method(), beanClass);
        MethodHandle call;
        try {
            method.setAccessible(true);
            call = LOOKUP.unreflect(method);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Cannot call " + method, e);
        }
        List<Argument> arguments = handler.arguments();
        MethodType type = call.type();
        // From the last to the first, so that the positions of those before stay.
        for (int i = arguments.size() - 1; i >= 0; i--) {
            MethodHandle source = source(arguments.get(i));
            Class<?> parameter = type.parameterType(i + 1);
            call = MethodHandles.collectArguments(
                    call, i + 1, source.asType(source.type().changeReturnType(parameter)));
        }
        int[] order = new int[1 + 2 * arguments.size()];
        for (int i = 0; i < arguments.size(); i++) {
            order[1 + 2 * i] = 1;
            order[2 + 2 * i] = 2;
        }
        MethodType reordered = MethodType.methodType(
                call.type().returnType(), call.type().parameterType(0), Message.class, Delivery.class);
        return MethodHandles.permuteArguments(call, reordered, order).asType(CALL);
    }

    /** Of type {@code (Message, Delivery) -> value}. */
    private static MethodHandle source(Argument argument) {
        if (argument instanceof Argument.Payload) {
            return MethodHandles.dropArguments(PAYLOAD, 1, Delivery.class);
        }
        if (argument instanceof Argument.WholeMessage) {
            return MethodHandles.dropArguments(MethodHandles.identity(Message.class), 1, Delivery.class);
        }
        if (argument instanceof Argument.Attempt) {
            return MethodHandles.dropArguments(MethodHandles.identity(Delivery.class), 0, Message.class);
        }
        if (argument instanceof Argument.AllHeaders) {
            return MethodHandles.dropArguments(HEADERS, 1, Delivery.class);
        }
        return HEADER.bindTo(argument);
    }

    private static MethodHandle virtual(Class<?> type, String name, Class<?> result, Class<?>... parameters) {
        try {
            return LOOKUP.findVirtual(type, name, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}

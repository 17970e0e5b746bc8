package dev.pubsub.spring.handler;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;

/**
 * A handler's method, read once.
 *
 * @param method as declared on the bean's own class
 * @param arguments one for each parameter
 * @param payloadType what the payload is converted to; Object: nothing
 * @param result how what the method returns is awaited
 */
public record HandlerMethod(Method method, List<Argument> arguments, Type payloadType, ResultHandler result) {}

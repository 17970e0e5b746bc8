package dev.pubsub.spring;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.ReflectiveProcessor;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

/**
 * What a handler needs in a native image: its method, to be called, and the type of its payload, to be made of JSON and
 * read by conditions.
 */
final class SubscribeReflectiveProcessor implements ReflectiveProcessor {

    private static final BindingReflectionHintsRegistrar BINDING = new BindingReflectionHintsRegistrar();

    @Override
    public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
        if (!(element instanceof Method method)) {
            return; // an annotation that bears ours
        }
        hints.registerMethod(method, ExecutableMode.INVOKE);
        for (int i = 0; i < method.getParameterCount(); i++) {
            MethodParameter parameter = new SynthesizingMethodParameter(method, i);
            if (isPayload(parameter)) {
                BINDING.registerReflectionHints(hints, payloadType(parameter));
            }
        }
    }

    private static boolean isPayload(MethodParameter parameter) {
        return parameter.getParameterType() != Delivery.class
                && !parameter.hasParameterAnnotation(Header.class)
                && !parameter.hasParameterAnnotation(Headers.class);
    }

    private static Type payloadType(MethodParameter parameter) {
        ResolvableType type = ResolvableType.forMethodParameter(parameter);
        return parameter.getParameterType() == Message.class
                ? type.getGeneric(0).resolve(Object.class)
                : type.getType();
    }
}

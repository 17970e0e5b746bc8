package dev.pubsub.spring.subscriptions;

import dev.pubsub.spring.Subscribe;
import dev.pubsub.spring.Subscribes;
import dev.pubsub.spring.diagnostics.StartupFailures;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/**
 * Finds annotated methods by the types of beans, as Spring finds event listeners: no bean is made for it, a proxied
 * bean is found once, and what could not be called later stops the start.
 */
final class SubscribeMethods {

    private static final Logger log = LoggerFactory.getLogger(SubscribeMethods.class);
    private static final Set<String> SHORT_LIVED =
            Set.of(ConfigurableBeanFactory.SCOPE_PROTOTYPE, "request", "session", "websocket");

    private final ConfigurableListableBeanFactory beans;

    SubscribeMethods(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /**
     * An annotated method.
     *
     * @param bean the bean's name
     * @param singleton whether the bean stays the same
     * @param type the bean's own class, without proxies
     * @param annotations at least one
     */
    record Found(String bean, boolean singleton, Class<?> type, Method method, List<Subscribe> annotations) {}

    /** Those of this context's own beans, in the order of their definition. */
    List<Found> find() {
        List<Found> found = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(Object.class)) {
            Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : targetClass(name);
            if (type != null && isCandidate(type)) {
                methods(name, type).entrySet().stream()
                        .sorted(Comparator.comparing(entry -> entry.getKey().toGenericString()))
                        .forEach(entry -> found.add(check(name, type, entry.getKey(), entry.getValue())));
            }
        }
        return found;
    }

    private @Nullable Class<?> targetClass(String name) {
        try {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null && ScopedObject.class.isAssignableFrom(type)) {
                Class<?> behind = AutoProxyUtils.determineTargetClass(beans, ScopedProxyUtils.getTargetBeanName(name));
                return behind == null ? type : behind;
            }
            return type;
        } catch (RuntimeException | LinkageError e) {
            log.debug("Could not resolve the class of bean '{}', probably a lazy one", name, e);
            return null;
        }
    }

    private static boolean isCandidate(Class<?> type) {
        return AnnotationUtils.isCandidateClass(type, Subscribe.class)
                && (!type.getName().startsWith("org.springframework.")
                        || AnnotatedElementUtils.isAnnotated(ClassUtils.getUserClass(type), Component.class));
    }

    private static Map<Method, List<Subscribe>> methods(String name, Class<?> type) {
        try {
            return MethodIntrospector.selectMethods(
                    type, (MethodIntrospector.MetadataLookup<List<Subscribe>>) SubscribeMethods::annotations);
        } catch (LinkageError | TypeNotPresentException e) {
            log.debug("Could not resolve the methods of bean '{}', probably a lazy one", name, e);
            return Map.of();
        }
    }

    private static @Nullable List<Subscribe> annotations(Method method) {
        Set<Subscribe> annotations =
                AnnotatedElementUtils.findMergedRepeatableAnnotations(method, Subscribe.class, Subscribes.class);
        return annotations.isEmpty() ? null : List.copyOf(annotations);
    }

    private Found check(String name, Class<?> type, Method method, List<Subscribe> annotations) {
        String target = ScopedProxyUtils.getTargetBeanName(name);
        boolean behindProxy = beans.containsBeanDefinition(target);
        String scope = scope(behindProxy ? target : name);
        if (SHORT_LIVED.contains(scope)) {
            throw StartupFailures.unsupportedScope(name, scope, method);
        }
        Class<?> exposed = beans.getType(name);
        requireInvocable(method, exposed == null ? type : exposed);
        boolean singleton = behindProxy || ConfigurableBeanFactory.SCOPE_SINGLETON.equals(scope);
        return new Found(name, singleton, type, method, annotations);
    }

    private String scope(String name) {
        if (!beans.containsBeanDefinition(name)) {
            return ConfigurableBeanFactory.SCOPE_SINGLETON;
        }
        BeanDefinition definition = beans.getMergedBeanDefinition(name);
        String scope = definition.getScope();
        return definition.isSingleton() || scope == null ? ConfigurableBeanFactory.SCOPE_SINGLETON : scope;
    }

    private static void requireInvocable(Method method, Class<?> exposed) {
        boolean proxied = SpringProxy.class.isAssignableFrom(exposed);
        if (proxied && !Proxy.isProxyClass(exposed) && Modifier.isFinal(method.getModifiers())) {
            throw StartupFailures.notInvocable(
                    method,
                    "it is final and its bean is proxied, so that the call would reach the proxy's own empty fields",
                    "void " + method.getName() + "(...)   without final",
                    null);
        }
        try {
            AopUtils.selectInvocableMethod(method, exposed);
        } catch (IllegalStateException e) {
            boolean hidden = Modifier.isPrivate(method.getModifiers());
            throw StartupFailures.notInvocable(
                    method,
                    hidden
                            ? "it is private and its bean is proxied, so that the call would bypass the proxy"
                            : "its bean is a JDK proxy, and none of the proxy's interfaces has the method",
                    hidden
                            ? "void " + method.getName() + "(...)   without private"
                            : "spring.aop.proxy-target-class: true   or declare the method in an interface of the bean",
                    e);
        }
    }
}

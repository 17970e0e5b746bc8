package dev.pubsub.spring.subscriptions;

import dev.pubsub.MessageHandler;
import dev.pubsub.Names;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spring.Subscribe;
import dev.pubsub.spring.conversion.ConversionServices;
import dev.pubsub.spring.diagnostics.StartupFailures;
import dev.pubsub.spring.handler.BeanMethodHandler;
import dev.pubsub.spring.handler.BeanReference;
import dev.pubsub.spring.handler.Condition;
import dev.pubsub.spring.handler.HandlerContext;
import dev.pubsub.spring.handler.HandlerMethod;
import dev.pubsub.spring.handler.HandlerMethodReader;
import dev.pubsub.spring.settings.SpecFactory;
import dev.pubsub.spring.settings.SubscriptionProperties;
import dev.pubsub.spring.settings.SubscriptionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** Makes the annotated methods of one context's beans specifications and handlers. Subscribes nothing yet. */
final class ContextSubscriptions {

    private final ConfigurableListableBeanFactory beans;
    private final SubscriptionSettings settings;
    private final HandlerContext handlers;
    private final HandlerMethodReader reader;

    ContextSubscriptions(ConfigurableApplicationContext context, PayloadCodec codec) {
        this.beans = context.getBeanFactory();
        this.settings = new SubscriptionSettings(context.getEnvironment());
        UnaryOperator<String> placeholders = text -> Objects.requireNonNullElse(beans.resolveEmbeddedValue(text), text);
        this.handlers = new HandlerContext(codec, ConversionServices.of(beans), placeholders);
        this.reader = new HandlerMethodReader(handlers);
    }

    /**
     * A subscription to be made.
     *
     * @param where the annotated method and its bean
     * @param named whether the annotation says the id; else it is made of names that change with the code
     * @param spec null where it is disabled
     */
    record Prepared(
            String id,
            boolean named,
            String where,
            @Nullable SubscriptionSpec<Object> spec,
            MessageHandler<Object> handler) {}

    /** One for each annotation. */
    List<Prepared> prepare() {
        List<Prepared> prepared = new ArrayList<>();
        for (SubscribeMethods.Found found : new SubscribeMethods(beans).find()) {
            HandlerMethod method = reader.read(found.method(), found.type());
            MessageHandler<Object> handler =
                    new BeanMethodHandler(new BeanReference(beans, found.bean(), found.singleton()), method);
            for (Subscribe annotation : found.annotations()) {
                prepared.add(prepare(found, annotation, method, handler));
            }
        }
        return prepared;
    }

    private Prepared prepare(
            SubscribeMethods.Found found, Subscribe annotation, HandlerMethod method, MessageHandler<Object> handler) {
        String where = StartupFailures.describe(found.method()) + " of bean '" + found.bean() + "'";
        boolean named = !annotation.id().isEmpty();
        String id = named
                ? handlers.placeholders().apply(annotation.id())
                : found.bean() + "." + found.method().getName();
        if (!Names.isSubscriptionId(id)) {
            throw StartupFailures.invalidId(id, !named, where);
        }
        SubscriptionProperties properties = settings.inherited();
        Set<String> annotated = new AnnotatedSettings(annotation, handlers.placeholders(), where).applyTo(properties);
        settings.override(id, properties);
        SubscriptionSpec<Object> spec = properties.isEnabled() ? spec(id, where, properties, annotated, method) : null;
        return new Prepared(id, named, where, spec, handler);
    }

    private SubscriptionSpec<Object> spec(
            String id, String where, SubscriptionProperties properties, Set<String> annotated, HandlerMethod method) {
        List<String> topics = properties.getTopics();
        if (topics.isEmpty()) {
            throw StartupFailures.noTopic(id, where);
        }
        for (String topic : topics) {
            String problem = Names.patternProblem(topic);
            if (problem != null) {
                throw StartupFailures.invalidPattern(topic, problem, where);
            }
        }
        SubscriptionSpec.Builder<Object> builder =
                SubscriptionSpec.builder(id, topics.toArray(String[]::new)).payloadType(method.payloadType());
        SpecFactory factory = new SpecFactory(settings, id, annotated, where);
        factory.apply(properties, builder);
        String condition = properties.getCondition();
        if (condition != null && !condition.isBlank()) {
            builder.condition(Condition.parse(condition, id, method, handlers.codec()));
        }
        return factory.build(builder);
    }
}

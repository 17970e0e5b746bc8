package dev.pubsub.spring.subscriptions;

import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spi.Transport;
import dev.pubsub.spi.UnsupportedSubscriptionException;
import dev.pubsub.spring.diagnostics.StartupFailures;
import dev.pubsub.spring.settings.SubscriptionNames;
import dev.pubsub.spring.settings.UnusedSettings;
import dev.pubsub.spring.subscriptions.ContextSubscriptions.Prepared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ApplicationContextEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Subscribes the annotated methods of its own context when all singletons are there, before the engine starts; and
 * those of child contexts, whose events reach their parents, when they have been refreshed. A context that closes takes
 * its subscriptions with it.
 */
public final class SubscribeMethodProcessor
        implements SmartInitializingSingleton, ApplicationListener<ApplicationContextEvent>, ApplicationContextAware {

    private final ObjectProvider<PubSub> pubSub;
    private final ObjectProvider<PayloadCodec> codec;
    private final ObjectProvider<Transport> transports;
    private final Map<ApplicationContext, List<Subscription>> subscriptions = new LinkedHashMap<>();
    private final Map<String, Known> known = new LinkedHashMap<>();
    private @Nullable ConfigurableApplicationContext own;

    /** With the engine and the codec, looked up when the first method is found. */
    public SubscribeMethodProcessor(
            ObjectProvider<PubSub> pubSub, ObjectProvider<PayloadCodec> codec, ObjectProvider<Transport> transports) {
        this.pubSub = pubSub;
        this.codec = codec;
        this.transports = transports;
    }

    /** An id that an annotation bears, by its relaxed form. */
    private record Known(String id, String where, ApplicationContext context) {}

    @Override
    public void setApplicationContext(ApplicationContext applicationContext) {
        own = (ConfigurableApplicationContext) applicationContext;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (own != null) {
            add(own);
        }
    }

    @Override
    public void onApplicationEvent(ApplicationContextEvent event) {
        ApplicationContext context = event.getApplicationContext();
        if (event instanceof ContextClosedEvent) {
            remove(context);
        } else if (event instanceof ContextRefreshedEvent && context instanceof ConfigurableApplicationContext child) {
            if (context == own) {
                List<String> annotated = knownIds();
                List<String> inCode = pubSub.getObject().subscriptions().stream()
                        .map(Subscription::id)
                        .filter(id -> !annotated.contains(id))
                        .toList();
                UnusedSettings.warn(child.getEnvironment(), annotated, inCode);
            } else if (!isServedByAnother(child)) {
                add(child);
                removeWithFactory(child);
            }
        }
    }

    /** Ids of annotated methods that are disabled by their settings; they have no subscription. */
    public synchronized int disabled() {
        long subscribed = subscriptions.values().stream().mapToLong(List::size).sum();
        return (int) (known.size() - subscribed);
    }

    private synchronized List<String> knownIds() {
        return known.values().stream().map(Known::id).toList();
    }

    private synchronized void add(ConfigurableApplicationContext context) {
        if (subscriptions.containsKey(context)) {
            return;
        }
        List<Prepared> prepared = new ContextSubscriptions(context, codec.getObject()).prepare();
        prepared.forEach(one -> remember(one, context));
        List<Subscription> added = new ArrayList<>();
        subscriptions.put(context, added);
        try {
            for (Prepared one : prepared) {
                if (one.spec() != null) {
                    added.add(subscribe(one));
                }
            }
        } catch (RuntimeException e) {
            remove(context);
            throw e;
        }
    }

    private void remember(Prepared one, ApplicationContext context) {
        Known other = known.putIfAbsent(SubscriptionNames.relaxed(one.id()), new Known(one.id(), one.where(), context));
        if (other == null) {
            return;
        }
        forget(context);
        if (other.id().equals(one.id())) {
            throw StartupFailures.duplicateId(one.id(), one.where(), other.where(), null);
        }
        throw StartupFailures.idsEqualInRelaxedForm(one.id(), other.id(), one.where());
    }

    private Subscription subscribe(Prepared one) {
        PubSub engine = pubSub.getObject();
        if (engine.subscription(one.id()).isPresent()) {
            throw StartupFailures.duplicateId(one.id(), one.where(), null, null);
        }
        if (!one.named() && isDurable(engine.snapshot().transport())) {
            throw StartupFailures.needsId(one.id(), one.where());
        }
        try {
            return engine.subscribe(Objects.requireNonNull(one.spec()), one.handler());
        } catch (UnsupportedSubscriptionException unsupported) {
            throw StartupFailures.unsupportedSubscription(one.where(), unsupported);
        }
    }

    /** What is kept outside the process hangs on the id, which must not change with a method's name. */
    private boolean isDurable(String transport) {
        return transports.stream()
                .anyMatch(one ->
                        one.name().equals(transport) && one.capabilities().contains(Capability.DURABLE));
    }

    private void remove(ApplicationContext context) {
        List<Subscription> closing;
        synchronized (this) {
            closing = subscriptions.remove(context);
            forget(context);
        }
        // The engine of this context stops and closes as a whole, with what is queued handled within the drain.
        if (closing != null && !(context == own && isEngineHere())) {
            closing.forEach(Subscription::close);
        }
    }

    private void forget(ApplicationContext context) {
        known.values().removeIf(one -> one.context() == context);
    }

    private boolean isEngineHere() {
        return own != null && own.getBeanFactory().getBeanNamesForType(PubSub.class, true, false).length > 0;
    }

    /** A descendant belongs to the nearest processor above it, so that its methods are found once. */
    private boolean isServedByAnother(ConfigurableApplicationContext descendant) {
        for (ApplicationContext at = descendant; at != null && at != own; at = at.getParent()) {
            if (at.getBeanNamesForType(SubscribeMethodProcessor.class, true, false).length > 0) {
                return true;
            }
        }
        return false;
    }

    /** A refresh that fails later publishes no event of closing, but destroys the beans. */
    private void removeWithFactory(ConfigurableApplicationContext child) {
        if (child.getBeanFactory() instanceof DefaultListableBeanFactory factory) {
            factory.registerDisposableBean(SubscribeMethodProcessor.class.getName(), () -> remove(child));
        }
    }
}

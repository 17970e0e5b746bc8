package dev.pubsub.spring;

import static dev.pubsub.spring.Starter.balanced;
import static dev.pubsub.spring.Starter.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.Subscription;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.spring.autoconfigure.PubSubLifecycle;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.annotation.AliasFor;

/** Finding annotated methods. */
class SubscribeDiscoveryTests {

    private static final Received received = new Received();
    private static final AtomicInteger created = new AtomicInteger();
    private static final AtomicInteger intercepted = new AtomicInteger();

    private final ApplicationContextRunner runner = Starter.runner();

    @BeforeEach
    void reset() {
        received.values().clear();
        created.set(0);
        intercepted.set(0);
    }

    @Test
    void aMethodOfABeanReceivesWhatIsPublished() {
        runner.withBean("orders", Plain.class).run(balanced(context -> {
            deliver(context.getBean(PubSub.class), Message.of("orders.created", new Order("A", 1)));
            assertThat(received.values()).containsExactly(new Order("A", 1));
        }));
    }

    @Test
    void theIdIsMadeOfTheNamesOfBeanAndMethod() {
        runner.withBean("orders", Plain.class)
                .run(context -> assertThat(ids(context.getBean(PubSub.class))).containsExactly("orders.on"));
    }

    @Test
    void attributesOfTheAnnotationReachTheSubscription() {
        runner.withBean("all", AllAttributes.class)
                .withPropertyValues("how.many=7", "topics.of.all=a.b, c.*")
                .run(context -> {
                    Subscription subscription = context.getBean(PubSub.class)
                            .subscription("all-attributes")
                            .orElseThrow();
                    assertThat(subscription.spec().patterns()).containsExactly("a.b", "c.*", "d.**");
                    assertThat(subscription.spec().concurrency()).isEqualTo(7);
                    assertThat(subscription.spec().queueCapacity()).isEqualTo(11);
                    assertThat(subscription.spec().timeout()).isEqualTo(Duration.ofMillis(1500));
                    assertThat(subscription.spec().ordering()).isEqualTo(Ordering.KEY);
                    assertThat(subscription.spec().group()).isEqualTo("billing");
                    assertThat(subscription.spec().autoStartup()).isFalse();
                    assertThat(subscription.spec().condition()).hasToString("payload.total > 1");
                });
    }

    @Test
    void anAnnotationMayBeRepeated() {
        runner.withBean("twice", Repeated.class).run(context -> assertThat(ids(context.getBean(PubSub.class)))
                .containsExactlyInAnyOrder("first", "second"));
    }

    @Test
    void anAnnotationMayStandOnAnotherAnnotation() {
        runner.withBean("composed", Composed.class).run(context -> {
            Subscription subscription =
                    context.getBean(PubSub.class).subscription("by-alias").orElseThrow();
            assertThat(subscription.spec().patterns()).containsExactly("orders.created");
            assertThat(subscription.spec().ordering()).isEqualTo(Ordering.KEY);
        });
    }

    @Test
    void aClassProxiedBeanIsFoundOnceAndCalledThroughItsProxy() { // FAULTS 23
        runner.withBean("proxied", Plain.class)
                .withUserConfiguration(ClassProxies.class)
                .run(balanced(context -> {
                    PubSub pubSub = context.getBean(PubSub.class);
                    assertThat(ids(pubSub)).containsExactly("proxied.on");
                    deliver(pubSub, Message.of("orders.created", new Order("A", 1)));
                    assertThat(received.values()).hasSize(1);
                    assertThat(intercepted).hasValue(1);
                }));
    }

    @Test
    void anInterfaceProxiedBeanIsCalledThroughItsInterface() {
        runner.withBean("proxied", Implementation.class)
                .withUserConfiguration(InterfaceProxies.class)
                .run(balanced(context -> {
                    deliver(context.getBean(PubSub.class), Message.of("orders.created", new Order("A", 1)));
                    assertThat(received.values()).hasSize(1);
                    assertThat(intercepted).hasValue(1);
                }));
    }

    @Test
    void anAnnotationOnAnInterfaceCountsOnce() {
        runner.withBean("proxied", Implementing.class)
                .withUserConfiguration(InterfaceProxies.class)
                .run(balanced(context -> {
                    assertThat(ids(context.getBean(PubSub.class))).containsExactly("proxied.on");
                    deliver(context.getBean(PubSub.class), Message.of("orders.created", new Order("A", 1)));
                    assertThat(received.values()).hasSize(1);
                    assertThat(intercepted).hasValue(1);
                }));
    }

    @Test
    void aGenericMethodTakesTheTypeThatTheSubclassGivesIt() {
        runner.withBean("generic", GenericOrders.class).run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            assertThat(pubSub.subscription("generic.on").orElseThrow().spec().payloadType())
                    .isEqualTo(Order.class);
            deliver(pubSub, Message.of("orders.created", "{\"number\":\"A\",\"total\":1}"));
            assertThat(received.values()).containsExactly(new Order("A", 1));
        }));
    }

    @Test
    void anOverriddenGenericMethodWithABridgeIsFoundOnce() {
        runner.withBean("bridged", Bridged.class).run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            assertThat(ids(pubSub)).containsExactly("bridged.on");
            deliver(pubSub, Message.of("orders.created", new Order("A", 1)));
            assertThat(received.values()).hasSize(1);
        }));
    }

    @Test
    void aPrivateMethodOfAPlainBeanIsCalled() {
        runner.withBean("hidden", PrivateMethod.class).run(balanced(context -> {
            deliver(context.getBean(PubSub.class), Message.of("orders.created", new Order("A", 1)));
            assertThat(received.values()).hasSize(1);
        }));
    }

    @Test
    void aLazyBeanIsCreatedAtItsFirstDeliveryAndNotBefore() {
        runner.withUserConfiguration(LazyConfiguration.class).run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            assertThat(ids(pubSub)).containsExactly("lazyOrders.on");
            assertThat(created).hasValue(0);
            deliver(pubSub, Message.of("orders.created", new Order("A", 1)));
            deliver(pubSub, Message.of("orders.created", new Order("B", 1)));
            assertThat(created).hasValue(1);
            assertThat(received.values()).hasSize(2);
        }));
    }

    @Test
    void lazyInitializationOfEverythingLosesNoSubscription() {
        runner.withUserConfiguration(EagerConfiguration.class)
                .withInitializer(context -> context.addBeanFactoryPostProcessor(
                        new org.springframework.boot.LazyInitializationBeanFactoryPostProcessor()))
                .run(balanced(context -> {
                    assertThat(created).hasValue(0);
                    deliver(context.getBean(PubSub.class), Message.of("orders.created", new Order("A", 1)));
                    assertThat(created).hasValue(1);
                    assertThat(received.values()).hasSize(1);
                }));
    }

    @Test
    void aBeanThatDependsOnTheEngineMayBeAHandlerToo() {
        runner.withBean("both", PublishesToo.class).run(balanced(context -> {
            deliver(context.getBean(PubSub.class), Message.of("orders.created", new Order("A", 1)));
            assertThat(received.values()).hasSize(1);
        }));
    }

    @Test
    void aScopedProxyOfACustomScopeIsFoundOnce() {
        runner.withUserConfiguration(CustomScope.class).run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            assertThat(ids(pubSub)).containsExactly("scoped.on");
            deliver(pubSub, Message.of("orders.created", new Order("A", 1)));
            assertThat(received.values()).hasSize(1);
        }));
    }

    @Test
    void aBeanOfACustomScopeWithoutAProxyIsAskedForAtEachDelivery() {
        runner.withUserConfiguration(FreshScope.class).run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            deliver(pubSub, Message.of("orders.created", new Order("A", 1)));
            deliver(pubSub, Message.of("orders.created", new Order("B", 1)));
            assertThat(created).hasValue(2);
        }));
    }

    @Test
    void subscriptionsThatAreSwitchedOffAreNotMade() {
        runner.withBean("orders", Plain.class)
                .withPropertyValues("pubsub.subscriptions.orders.on.enabled=false")
                .run(context -> assertThat(ids(context.getBean(PubSub.class))).isEmpty());
    }

    @Test
    void aChildContextAddsItsHandlersToTheParentsEngineAndRemovesThemWhenItCloses() {
        runner.withBean("orders", Plain.class).run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
                child.setParent(context.getSourceApplicationContext());
                child.registerBeanDefinition("ofTheChild", new RootBeanDefinition(Plain.class));
                child.refresh();
                assertThat(ids(pubSub)).containsExactly("ofTheChild.on", "orders.on");
                assertThat(deliver(pubSub, Message.of("orders.created", new Order("A", 1)))
                                .outcomes())
                        .containsEntry("ofTheChild.on", Outcome.COMPLETED);
            }
            assertThat(ids(pubSub)).containsExactly("orders.on");
            assertThat(received.values()).hasSize(2);
        }));
    }

    @Test
    void aChildContextWithTheAutoConfigurationTooAddsItsHandlersOnce() { // FAULTS 23
        runner.run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            Starter.runner()
                    .withParent(context.getSourceApplicationContext())
                    .withBean("ofTheChild", Plain.class)
                    .run(child -> {
                        assertThat(child.getBean(PubSub.class)).isSameAs(pubSub);
                        assertThat(ids(pubSub)).containsExactly("ofTheChild.on");
                    });
            assertThat(ids(pubSub)).isEmpty();
            assertThat(pubSub.snapshot().state()).isEqualTo(dev.pubsub.PubSubSnapshot.State.RUNNING);
        }));
    }

    @Test
    void aChildContextLeavesTheEngineThatItsParentMadeByHandRunning() {
        try (PubSub own = PubSubEngine.builder().build();
                AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext()) {
            parent.registerBean("own", PubSub.class, () -> own);
            parent.refresh();
            own.start();
            Starter.runner()
                    .withParent(parent)
                    .withBean("ofTheChild", Plain.class)
                    .run(child -> {
                        assertThat(child).hasNotFailed().doesNotHaveBean(PubSubLifecycle.class);
                        assertThat(ids(own)).containsExactly("ofTheChild.on");
                    });
            assertThat(ids(own)).isEmpty();
            assertThat(own.snapshot().state()).isEqualTo(dev.pubsub.PubSubSnapshot.State.RUNNING);
        }
    }

    @Test
    void aChildContextWhoseRefreshFailsLeavesNoHandler() {
        runner.run(context -> {
            AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext();
            child.setParent(context.getSourceApplicationContext());
            child.registerBeanDefinition("orders", new RootBeanDefinition(Plain.class));
            child.registerBeanDefinition("invalid", new RootBeanDefinition(BadPattern.class));
            org.assertj.core.api.Assertions.assertThatThrownBy(child::refresh).hasMessageContaining("orders..created");
            assertThat(ids(context.getBean(PubSub.class))).isEmpty();
        });
    }

    static List<String> ids(PubSub pubSub) {
        return pubSub.subscriptions().stream().map(Subscription::id).toList();
    }

    static class Plain {
        @Subscribe("orders.created")
        void on(Order order) {
            received.add(order);
        }
    }

    static class BadPattern {
        @Subscribe("orders..created")
        void on(Order order) {}
    }

    static class AllAttributes {
        @Subscribe(
                topics = {"${topics.of.all}", "d.**"},
                id = "all-attributes",
                group = "billing",
                concurrency = "${how.many}",
                queueCapacity = "11",
                timeout = "1500ms",
                autoStartup = "false",
                ordering = Ordering.KEY,
                condition = "payload.total > 1")
        void on(Order order) {}
    }

    static class Repeated {
        @Subscribe(id = "first", topics = "orders.created")
        @Subscribe(id = "second", topics = "orders.changed")
        void on(Order order) {}
    }

    @Retention(RetentionPolicy.RUNTIME)
    @Subscribe(topics = "orders.created", ordering = Ordering.KEY)
    @interface OnOrder {
        @AliasFor(annotation = Subscribe.class, attribute = "id")
        String name();
    }

    static class Composed {
        @OnOrder(name = "by-alias")
        void on(Order order) {}
    }

    interface Contract {
        void on(Order order);
    }

    static class Implementation implements Contract {
        @Override
        @Subscribe("orders.created")
        public void on(Order order) {
            received.add(order);
        }
    }

    interface Annotated {
        @Subscribe("orders.created")
        void on(Order order);
    }

    static class Implementing implements Annotated {
        @Override
        public void on(Order order) {
            received.add(order);
        }
    }

    abstract static class Generic<T> {
        @Subscribe("orders.created")
        void on(T payload) {
            received.add(payload);
        }
    }

    static class GenericOrders extends Generic<Order> {}

    static class Bridged extends Generic<Order> {
        @Override
        @Subscribe("orders.created")
        void on(Order payload) {
            received.add(payload);
        }
    }

    static class PrivateMethod {
        @Subscribe("orders.created")
        private void on(Order order) {
            received.add(order);
        }
    }

    static class Counted extends Plain {
        Counted() {
            created.incrementAndGet();
        }
    }

    static class PublishesToo {
        @Autowired
        PublishesToo(PubSub pubSub) {
            assertThat(pubSub).isNotNull();
        }

        @Subscribe("orders.created")
        void on(Order order) {
            received.add(order);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyConfiguration {
        @Bean
        @Lazy
        Counted lazyOrders() {
            return new Counted();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class EagerConfiguration {
        @Bean
        Counted orders() {
            return new Counted();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class CustomScope {
        @Bean
        static org.springframework.beans.factory.config.CustomScopeConfigurer scopes() {
            var scopes = new org.springframework.beans.factory.config.CustomScopeConfigurer();
            scopes.addScope("thread", new SimpleThreadScope());
            return scopes;
        }

        @Bean
        @Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Plain scoped() {
            return new Plain();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class FreshScope {
        @Bean
        static org.springframework.beans.factory.config.CustomScopeConfigurer scopes() {
            var scopes = new org.springframework.beans.factory.config.CustomScopeConfigurer();
            scopes.addScope("fresh", new SimpleThreadScope() {
                @Override
                public Object get(String name, org.springframework.beans.factory.ObjectFactory<?> factory) {
                    return factory.getObject();
                }
            });
            return scopes;
        }

        @Bean
        @Scope("fresh")
        Counted fresh() {
            return new Counted();
        }
    }

    static class Proxies {
        static BeanNameAutoProxyCreator creator(boolean ofClasses) {
            BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
            creator.setBeanNames("proxied");
            creator.setInterceptorNames("counting");
            creator.setProxyTargetClass(ofClasses);
            return creator;
        }

        static MethodInterceptor counter() {
            return invocation -> {
                intercepted.incrementAndGet();
                return invocation.proceed();
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ClassProxies {
        @Bean
        static BeanNameAutoProxyCreator creator() {
            return Proxies.creator(true);
        }

        @Bean
        MethodInterceptor counting() {
            return Proxies.counter();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class InterfaceProxies {
        @Bean
        static BeanNameAutoProxyCreator creator() {
            return Proxies.creator(false);
        }

        @Bean
        MethodInterceptor counting() {
            return Proxies.counter();
        }
    }
}

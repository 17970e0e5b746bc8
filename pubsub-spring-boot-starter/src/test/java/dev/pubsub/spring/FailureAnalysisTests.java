package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import java.util.List;
import java.util.concurrent.Future;
import org.aopalliance.intercept.MethodInterceptor;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import reactor.core.publisher.Flux;

/** Every mistake at start-up says what is wrong and prints the line to write. */
class FailureAnalysisTests {

    private final ApplicationContextRunner runner = Starter.runner();

    @Test
    void twoSubscriptionsWithOneId() {
        analysis(runner.withBean("a", OneId.class).withBean("b", OneId.class))
                .contains("'orders' of dev.pubsub.spring.FailureAnalysisTests$OneId.on(Object)", "'b'", "'a'")
                .contains("@Subscribe(id = \"orders-2\", ...)");
    }

    @Test
    void overloadsWithoutIds() {
        analysis(runner.withBean("a", Overloads.class)).contains("'a.on'", "@Subscribe(id = \"a.on-2\", ...)");
    }

    @Test
    void anIdThatTheApplicationHasSubscribedItself() {
        analysis(runner.withBean("a", OneId.class).withUserConfiguration(SubscribesItself.class))
                .contains("'orders'", "another subscription of the engine", "@Subscribe(id = \"orders-2\", ...)");
    }

    @Test
    void idsThatAreEqualInRelaxedForm() {
        analysis(runner.withBean("a", CamelCase.class).withBean("b", Dashed.class))
                .contains("'billing.on-order'", "'billing.onOrder'", "pubsub.subscriptions.<id>.*", "@Subscribe(id = ");
    }

    @Test
    void anIdWithAForbiddenCharacter() {
        analysis(runner.withBean("a", BadId.class))
                .contains("'bad id!'", "A-Z a-z 0-9 . _ -", "@Subscribe(id = \"orders\", ...)");
    }

    @Test
    void namesThatMakeNoId() {
        analysis(runner.withBean("a bean", Fine.class))
                .contains("'a bean.on'", "names of bean and method", "@Subscribe(id = ");
    }

    @Test
    void aPatternWithAMistake() {
        analysis(runner.withBean("a", BadPattern.class))
                .contains("'orders.**.created'", "position 7", "@Subscribe(\"orders.*.created\")");
    }

    @Test
    void theReservedSegment() {
        analysis(runner.withBean("a", Reserved.class)).contains("'orders.dlt'", "reserved");
    }

    @Test
    void noTopic() {
        analysis(runner.withBean("a", NoTopic.class))
                .contains("'a.on'", "has no topic", "pubsub.subscriptions.a.on.topics: orders.created");
    }

    @Test
    void twoPayloads() {
        analysis(runner.withBean("a", TwoPayloads.class)).contains("'first' and 'second'", "@Header(\"second\")");
    }

    @Test
    void contradictingPayloadTypes() {
        analysis(runner.withBean("a", Contradicting.class))
                .contains("there is one payload", "dev.pubsub.Message<Order>");
    }

    @Test
    void headersThatAreNoMap() {
        analysis(runner.withBean("a", HeadersNoMap.class)).contains("@Headers", "Map<String, String>");
    }

    @Test
    void aHeaderOfTheEngineThatDoesNotExist() {
        analysis(runner.withBean("a", UnknownOwnHeader.class)).contains("'pubsub-colour'", "PubSubHeaders.TOPIC");
    }

    @Test
    void aPrimitiveThatMayBeMissing() {
        analysis(runner.withBean("a", MissingPrimitive.class)).contains("primitive type int", "defaultValue = \"0\"");
    }

    @Test
    void anExpressionInPayload() {
        analysis(runner.withBean("a", PayloadExpression.class)).contains("has an expression", "@Payload Order order");
    }

    @Test
    void aStaticMethod() {
        analysis(runner.withBean("a", StaticMethod.class)).contains("it is static");
    }

    @Test
    void springsOwnMessage() {
        analysis(runner.withBean("a", SpringsMessage.class))
                .contains("org.springframework.messaging.Message", "dev.pubsub.Message", "Import dev.pubsub.Message");
    }

    @Test
    void springsOwnMessageHeaders() {
        analysis(runner.withBean("a", SpringsHeaders.class)).contains("org.springframework.messaging.MessageHeaders");
    }

    @ParameterizedTest
    @ValueSource(classes = {ReturnsString.class, ReturnsFlux.class, ReturnsFuture.class, ReturnsVoidObject.class})
    void aReturnTypeThatMeansNothing(Class<?> handler) {
        analysis(runner.withBean("a", handler)).contains("returns ", "CompletionStage, Mono", "void on(...)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prototype", "request", "session"})
    void aScopeThatDoesNotLast(String scope) {
        analysis(runner.withBean("a", Fine.class, Fine::new, definition -> definition.setScope(scope)))
                .contains("scope '" + scope + "'", "@Scope(\"singleton\")");
    }

    @Test
    void aScopedProxyOfARequest() {
        analysis(runner.withUserConfiguration(RequestScoped.class))
                .contains("scope 'request'", "@Scope(\"singleton\")");
    }

    @Test
    void aPrivateMethodOfAProxiedBean() {
        analysis(runner.withBean("proxied", PrivateMethod.class).withUserConfiguration(ClassProxies.class))
                .contains("it is private", "without private");
    }

    @Test
    void aFinalMethodOfAProxiedBean() {
        analysis(runner.withBean("proxied", FinalMethod.class).withUserConfiguration(ClassProxies.class))
                .contains("it is final", "without final");
    }

    @Test
    void aMethodOfTheClassBehindAJdkProxy() {
        analysis(runner.withBean("proxied", NotInInterface.class).withUserConfiguration(InterfaceProxies.class))
                .contains("JDK proxy", "spring.aop.proxy-target-class: true");
    }

    @Test
    void aConditionThatSpelCannotRead() {
        analysis(withCondition("payload.total >")).contains("condition of the subscription 'a.on'", "condition = ");
    }

    @Test
    void aConditionThatNamesAnUnknownParameter() {
        analysis(withCondition("#ordre.total > 1")).contains("no parameter #ordre", "[order, delivery]");
    }

    @Test
    void aConditionThatNamesTheAttempt() {
        analysis(withCondition("#delivery.attempt == 1")).contains("#delivery belongs to an attempt");
    }

    @Test
    void theKafkaTransportWithoutItsModule() {
        analysis(runner.withPropertyValues("pubsub.transport=kafka"))
                .contains("'kafka'", "<artifactId>pubsub-kafka</artifactId>");
    }

    @Test
    void anUnknownTransport() {
        analysis(runner.withPropertyValues("pubsub.transport=pigeon")).contains("'pigeon'", "pubsub.transport: memory");
    }

    @Test
    void anUnknownDeadLetterStore() {
        analysis(runner.withPropertyValues("pubsub.dead-letter-store.type=disk"))
                .contains("'disk'", "pubsub.dead-letter-store.type: memory");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pubsub.publisher.max-concurrent=0",
                "pubsub.publisher.timeout=-1s",
                "pubsub.publisher.max-batch-size=0",
                "pubsub.message.max-payload-size=-1B",
                "pubsub.message.max-headers=-1",
                "pubsub.message.max-header-size=3GB",
                "pubsub.dead-letter-store.capacity=0",
                "pubsub.dead-letter-store.retention=-1d",
                "pubsub.shutdown.timeout=-1s",
                "pubsub.subscriber.concurrency=0",
                "pubsub.subscriber.queue-capacity=0",
                "pubsub.subscriber.timeout=0s",
                "pubsub.subscriber.max-abandoned=0",
                "pubsub.subscriber.retry.max-attempts=0",
                "pubsub.subscriber.retry.backoff-multiplier=0.5",
                "pubsub.subscriber.retry.jitter=2",
                "pubsub.subscriber.circuit-breaker.failure-rate-threshold=101",
                "pubsub.subscriber.circuit-breaker.sliding-window-size=0"
            })
    void aValueOutOfRange(String property) {
        String name = property.substring(0, property.indexOf('='));
        analysis(runner.withPropertyValues(property))
                .contains("'" + name + "' (from ", "Write, for example:", name + ": ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pubsub.publisher.max-concurrent=many",
                "pubsub.publisher.timeout=soon",
                "pubsub.publisher.overflow=explode",
                "pubsub.publisher.transaction=maybe",
                "pubsub.message.max-payload-size=huge",
                "pubsub.subscriber.auto-startup=perhaps",
                "pubsub.subscriber.execution=quantum",
                "pubsub.subscriber.retry.retry-exceptions=no.such.Exception",
                "pubsub.subscriber.retry.jitter=a bit"
            })
    void aValueThatCannotBeRead(String property) {
        String name = property.substring(0, property.indexOf('='));
        analysis(runner.withPropertyValues(property)).contains("'" + name, " is not ", "Write, for example:", name);
    }

    @Test
    void aValueOfOneSubscriptionThatCannotBeRead() {
        analysis(runner.withBean("a", Fine.class).withPropertyValues("pubsub.subscriptions.a.on.timeout=soon"))
                .contains("'pubsub.subscriptions.a.on.timeout' (from ", "a duration such as", "timeout: 30s")
                .doesNotContain("soon");
    }

    @Test
    void aValueOfOneSubscriptionOutOfRange() {
        analysis(runner.withBean("a", Fine.class).withPropertyValues("pubsub.subscriptions.a.on.concurrency=0"))
                .contains("'pubsub.subscriptions.a.on.concurrency' (from ", "pubsub.subscriptions.a.on.concurrency: 1");
    }

    @Test
    void aValueOfTheAnnotationOutOfRange() {
        analysis(runner.withBean("a", ZeroConcurrency.class).withPropertyValues("pubsub.subscriber.concurrency=2"))
                .contains("'pubsub.subscriptions.a.on.concurrency' (from the annotation on");
    }

    @Test
    void aValueOfTheAnnotationThatCannotBeRead() {
        analysis(runner.withBean("a", WordConcurrency.class))
                .contains("'concurrency'", "'four'", "a whole number", "@Subscribe(concurrency = \"4\", ...)");
    }

    @Test
    void anExceptionThatIsNone() {
        analysis(runner.withPropertyValues("pubsub.subscriber.retry.ignore-exceptions=java.lang.String"))
                .contains("java.lang.String is no exception");
    }

    @Test
    void sequencedDeadLettersWithoutAnOrder() {
        analysis(runner.withBean("a", Fine.class)
                        .withPropertyValues("pubsub.subscriptions.a.on.dead-letter.sequenced=true"))
                .contains("pubsub.subscriptions.a.on.dead-letter.sequenced", "set ordering to KEY or TOPIC");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void virtualThreadsOnAJavaWithout() {
        analysis(runner.withPropertyValues("pubsub.subscriber.execution=virtual"))
                .contains("'pubsub.subscriber.execution'", "Java 17", "pubsub.subscriber.execution: platform");
    }

    @Test
    void transactionsWithoutSpringTx() {
        analysis(runner.withPropertyValues("pubsub.publisher.transaction=after-commit")
                        .withClassLoader(new FilteredClassLoader(TransactionSynchronizationManager.class)))
                .contains("spring-tx", "<artifactId>spring-tx</artifactId>", "pubsub.publisher.transaction: immediate");
    }

    private ApplicationContextRunner withCondition(String condition) {
        return runner.withBean("a", Fine.class).withPropertyValues("pubsub.subscriptions.a.on.condition=" + condition);
    }

    private static AbstractStringAssert<?> analysis(ApplicationContextRunner failing) {
        String[] text = new String[1];
        failing.run(context -> {
            assertThat(context).hasFailed();
            text[0] = analyze(context.getStartupFailure());
        });
        return assertThat(text[0]);
    }

    static String analyze(Throwable failure) {
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        SpringFactoriesLoader.ArgumentResolver.of(
                                        org.springframework.core.env.Environment.class, new MockEnvironment())
                                .and(
                                        org.springframework.beans.factory.BeanFactory.class,
                                        new org.springframework.beans.factory.support.DefaultListableBeanFactory()),
                        (type, name, failed) -> {});
        for (FailureAnalyzer analyzer : analyzers) {
            FailureAnalysis analysis = analyzer.analyze(failure);
            if (analysis != null) {
                assertThat(analyzer.getClass().getName()).startsWith("dev.pubsub.");
                return analysis.getDescription() + "\n" + analysis.getAction();
            }
        }
        throw new AssertionError("No analysis", failure);
    }

    static class Fine {
        @Subscribe("orders.created")
        void on(Order order, Delivery delivery) {}
    }

    static class OneId {
        @Subscribe(id = "orders", topics = "orders.created")
        void on(Object payload) {}
    }

    static class Overloads {
        @Subscribe("orders.created")
        void on(Order order) {}

        @Subscribe("orders.changed")
        void on(String text) {}
    }

    static class CamelCase {
        @Subscribe(id = "billing.onOrder", topics = "orders.created")
        void on(Object payload) {}
    }

    static class Dashed {
        @Subscribe(id = "billing.on-order", topics = "orders.created")
        void on(Object payload) {}
    }

    static class BadId {
        @Subscribe(id = "bad id!", topics = "orders.created")
        void on(Object payload) {}
    }

    static class BadPattern {
        @Subscribe("orders.**.created")
        void on(Object payload) {}
    }

    static class Reserved {
        @Subscribe("orders.dlt")
        void on(Object payload) {}
    }

    static class NoTopic {
        @Subscribe
        void on(Object payload) {}
    }

    static class TwoPayloads {
        @Subscribe("orders.created")
        void on(Order first, String second) {}
    }

    static class Contradicting {
        @Subscribe("orders.created")
        void on(Order order, Message<String> message) {}
    }

    static class HeadersNoMap {
        @Subscribe("orders.created")
        void on(@Headers List<String> headers) {}
    }

    static class UnknownOwnHeader {
        @Subscribe("orders.created")
        void on(@Header("pubsub-colour") String colour) {}
    }

    static class MissingPrimitive {
        @Subscribe("orders.created")
        void on(@Header(name = "count", required = false) int count) {}
    }

    static class PayloadExpression {
        @Subscribe("orders.created")
        void on(@Payload("total") int total) {}
    }

    static class StaticMethod {
        @Subscribe("orders.created")
        static void on(Object payload) {}
    }

    static class SpringsMessage {
        @Subscribe("orders.created")
        void on(org.springframework.messaging.Message<Order> message) {}
    }

    static class SpringsHeaders {
        @Subscribe("orders.created")
        void on(Order order, MessageHeaders headers) {}
    }

    static class ReturnsString {
        @Subscribe("orders.created")
        String on(Object payload) {
            return "";
        }
    }

    static class ReturnsFlux {
        @Subscribe("orders.created")
        Flux<String> on(Object payload) {
            return Flux.empty();
        }
    }

    static class ReturnsFuture {
        @Subscribe("orders.created")
        Future<String> on(Object payload) {
            return null;
        }
    }

    static class ReturnsVoidObject {
        @Subscribe("orders.created")
        Void on(Object payload) {
            return null;
        }
    }

    static class PrivateMethod {
        @Subscribe("orders.created")
        private void on(Object payload) {}
    }

    static class FinalMethod {
        @Subscribe("orders.created")
        final void on(Object payload) {}
    }

    interface Other {
        void other();
    }

    static class NotInInterface implements Other {
        @Subscribe("orders.created")
        public void on(Object payload) {}

        @Override
        public void other() {}
    }

    static class ZeroConcurrency {
        @Subscribe(topics = "orders.created", concurrency = "0")
        void on(Object payload) {}
    }

    static class WordConcurrency {
        @Subscribe(topics = "orders.created", concurrency = "four")
        void on(Object payload) {}
    }

    @Configuration(proxyBeanMethods = false)
    static class SubscribesItself {
        SubscribesItself(PubSub pubSub) {
            pubSub.subscribe(
                    dev.pubsub.SubscriptionSpec.builder("orders", "orders.created")
                            .build(),
                    (message, delivery) -> {});
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class RequestScoped {
        @Bean
        @Scope(scopeName = "request", proxyMode = ScopedProxyMode.TARGET_CLASS)
        Fine scoped() {
            return new Fine();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ClassProxies {
        @Bean
        static BeanNameAutoProxyCreator creator() {
            return SubscribeDiscoveryTests.Proxies.creator(true);
        }

        @Bean
        MethodInterceptor counting() {
            return SubscribeDiscoveryTests.Proxies.counter();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class InterfaceProxies {
        @Bean
        static BeanNameAutoProxyCreator creator() {
            return SubscribeDiscoveryTests.Proxies.creator(false);
        }

        @Bean
        MethodInterceptor counting() {
            return SubscribeDiscoveryTests.Proxies.counter();
        }
    }
}

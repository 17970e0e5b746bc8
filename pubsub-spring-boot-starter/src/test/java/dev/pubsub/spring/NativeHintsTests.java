package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.PubSub;
import dev.pubsub.spring.actuate.DeadLettersEndpoint;
import dev.pubsub.spring.actuate.PubSubEndpoint;
import dev.pubsub.spring.settings.PubSubProperties;
import dev.pubsub.spring.settings.SubscriberProperties;
import dev.pubsub.spring.settings.SubscriptionProperties;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

/** What Spring's ahead-of-time processing hands to a native image for an application with the starter. */
class NativeHintsTests {

    private static RuntimeHints hints;

    /** Processes a whole application, as the build of a native image does. */
    @BeforeAll
    static void process() {
        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get("dev.pubsub.spring", "Application")),
                new InMemoryGeneratedFiles());
        AnnotationConfigServletWebServerApplicationContext context =
                new AnnotationConfigServletWebServerApplicationContext();
        TestPropertyValues.of("management.endpoints.web.exposure.include=*").applyTo(context);
        context.register(App.class);
        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        hints = generation.getRuntimeHints();
    }

    @ParameterizedTest
    @ValueSource(strings = {"payload", "message", "list", "repeated", "composed", "nothingToBind"})
    void aHandlersMethodCanBeCalled(String name) {
        Method method = Arrays.stream(Handlers.class.getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();

        assertThat(reflection().onMethodInvocation(method)).accepts(hints);
    }

    @ParameterizedTest
    @ValueSource(classes = {InPayload.class, InMessage.class, InList.class, InRepeated.class, InComposed.class})
    void itsPayloadCanBeMadeOfJsonAndReadByConditions(Class<?> payload) {
        assertThat(reflection().onType(payload).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .accepts(hints);
        assertThat(reflection().onMethodInvocation(payload, "number")).accepts(hints);
    }

    @Test
    void whatIsNoPayloadIsNotBound() {
        assertThat(reflection().onType(InHeader.class).withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .rejects(hints);
    }

    @Test
    void aMethodOfAGenericSuperclassCanBeCalledToo() {
        assertThat(reflection().onMethodInvocation(Base.class, "generic")).accepts(hints);
    }

    @Test
    void theCallsOwnMethodsAreFoundByName() {
        assertThat(reflection().onMethodInvocation(Message.class, "payload")).accepts(hints);
        assertThat(reflection().onMethodInvocation(Message.class, "headers")).accepts(hints);
        assertThat(reflection()
                        .onType(TypeReference.of("dev.pubsub.spring.handler.Argument$OneHeader"))
                        .withMemberCategory(MemberCategory.INVOKE_DECLARED_METHODS))
                .accepts(hints);
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                PubSubProperties.class,
                SubscriptionProperties.class,
                SubscriberProperties.Retry.class,
                SubscriberProperties.CircuitBreaker.class,
                SubscriberProperties.DeadLetter.class
            })
    void propertiesCanBeBound(Class<?> properties) {
        Stream<Method> setters = Arrays.stream(properties.getDeclaredMethods())
                .filter(method -> method.getName().startsWith("set"));

        assertThat(setters).isNotEmpty().allSatisfy(setter -> assertThat(
                        reflection().onMethodInvocation(setter))
                .accepts(hints));
    }

    @Test
    void operationsOfEndpointsCanBeCalled() {
        assertThat(reflection().onMethodInvocation(PubSubEndpoint.class, "engine"))
                .accepts(hints);
        assertThat(reflection().onMethodInvocation(DeadLettersEndpoint.class, "replayAll"))
                .accepts(hints);
    }

    /** Operations answer with a problem or with a record, so that their return types do not name it. */
    @Test
    void everyRecordThatAnEndpointAnswersWithCanBeWritten() {
        List<Class<?>> records = records("dev.pubsub.spring.actuate");

        assertThat(records).hasSizeGreaterThan(10).allSatisfy(record -> assertThat(
                        Arrays.stream(record.getRecordComponents()))
                .as("%s: name it in @RegisterReflectionForBinding of its endpoint", record)
                .allSatisfy(component -> assertThat(reflection().onMethodInvocation(component.getAccessor()))
                        .accepts(hints)));
    }

    @Test
    void virtualThreadsAreFound() throws ReflectiveOperationException {
        assertThat(reflection().onType(Thread.class)).accepts(hints);
        if (Runtime.version().feature() >= 21) {
            assertThat(reflection().onMethodInvocation(Thread.class, "ofVirtual"))
                    .accepts(hints);
            assertThat(reflection().onMethodInvocation(Class.forName("java.lang.Thread$Builder"), "factory"))
                    .accepts(hints);
        }
    }

    private static List<Class<?>> records(String packageName) {
        return new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/")).importPackages(packageName).stream()
                        .filter(candidate -> candidate.isRecord())
                        .<Class<?>>map(candidate -> candidate.reflect())
                        .toList();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {
        @Bean
        Handlers handlers(PubSub pubSub) {
            return new Handlers();
        }
    }

    record InPayload(int number) {}

    record InMessage(int number) {}

    record InList(int number) {}

    record InRepeated(int number) {}

    record InComposed(int number) {}

    record InHeader(int number) {}

    @Subscribe("composed")
    @Retention(RetentionPolicy.RUNTIME)
    @interface Composed {}

    /** What the payload is, only the bean's class knows; its type is for the application to register. */
    abstract static class Base<T> {

        @Subscribe("generic")
        void generic(T payload) {}
    }

    static class Handlers extends Base<InHeader> {

        @Subscribe("payload")
        void payload(InPayload payload, Delivery delivery, @Header("h") InHeader header) {}

        @Subscribe("message")
        void message(Message<InMessage> message) {}

        @Subscribe("list")
        void list(List<InList> payload) {}

        @Subscribe(id = "one", topics = "one")
        @Subscribe(id = "two", topics = "two")
        void repeated(InRepeated payload) {}

        @Composed
        void composed(InComposed payload) {}

        @Subscribe("nothing")
        private void nothingToBind(@Headers java.util.Map<String, String> headers) {}
    }
}

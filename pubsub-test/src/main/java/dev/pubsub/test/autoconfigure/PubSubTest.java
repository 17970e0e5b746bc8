package dev.pubsub.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of what publishes and subscribes, and of nothing else: the context has the engine, {@code @Subscribe}, the
 * conversion of payloads, and of the application's components those that are named here.
 *
 * <pre>{@code
 * @PubSubTest(AlertSubscriber.class)
 * class AlertsTest {
 *     @Autowired Publisher publisher;
 *     @Autowired PubSubProbe probe;
 *     @MockitoBean SmsClient sms;
 * }
 * }</pre>
 *
 * <p>A bean {@code dev.pubsub.test.PubSubProbe} sees what happens, and {@code dev.pubsub.test.PubSubClock} moves the
 * engine's time; both are reset after each test. Settings are those of the application's properties. For the same
 * beside a whole application use {@code @SpringBootTest} with {@link AutoConfigurePubSubTest}.
 *
 * <p>With JUnit's parallel execution, classes with this annotation run one at a time, each in one thread, beside
 * others.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(PubSubTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(PubSubTypeExcludeFilter.class)
@AutoConfigurePubSub
@AutoConfigurePubSubTest
@ImportAutoConfiguration
public @interface PubSubTest {

    /** Properties of the form {@code key=value}, set before the test runs. */
    String[] properties() default {};

    /** The same as {@link #components}. */
    @AliasFor("components")
    Class<?>[] value() default {};

    /** Components of the application to be included: those with {@code @Subscribe}, and others. Default: none. */
    @AliasFor("value")
    Class<?>[] components() default {};

    /** Whether {@link #components} decide what is included; otherwise everything is, unless it is excluded. */
    boolean useDefaultFilters() default true;

    /** Filters that include more of the application's components. */
    ComponentScan.Filter[] includeFilters() default {};

    /** Filters that exclude components. */
    ComponentScan.Filter[] excludeFilters() default {};

    /** Auto-configurations that are left out. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};

    /** As {@link AutoConfigurePubSubTest#manualClock}. */
    @AliasFor(annotation = AutoConfigurePubSubTest.class, attribute = "manualClock")
    boolean manualClock() default true;
}

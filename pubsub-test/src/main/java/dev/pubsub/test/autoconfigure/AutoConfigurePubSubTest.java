package dev.pubsub.test.autoconfigure;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * Adds the test kit to a test with the whole application: {@code @SpringBootTest @AutoConfigurePubSubTest}. The beans
 * {@code dev.pubsub.test.PubSubProbe} and, with a manual clock, {@code dev.pubsub.test.PubSubClock} are reset after
 * each test.
 *
 * <p>With JUnit's parallel execution, classes with this annotation run one at a time, each in one thread, beside
 * others.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping("pubsub.test")
@ResourceLock("dev.pubsub.test.PubSubProbe")
public @interface AutoConfigurePubSubTest {

    /** Whether the engine's time moves only when told; otherwise it is the system's. */
    boolean manualClock() default true;
}

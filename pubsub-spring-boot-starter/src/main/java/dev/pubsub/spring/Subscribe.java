package dev.pubsub.spring;

import dev.pubsub.Ordering;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.aot.hint.annotation.Reflective;
import org.springframework.core.annotation.AliasFor;

/**
 * Makes a bean's method the handler of a subscription.
 *
 * <pre>{@code
 * @Subscribe("orders.created")
 * void onOrder(Order order) { ... }
 * }</pre>
 *
 * <p>Parameters, in any order: the payload; {@code dev.pubsub.Message<T>}; {@code dev.pubsub.Delivery}; and with
 * spring-messaging's annotations {@code @Payload}, {@code @Header} (a header of the message, or one of the names in
 * {@code dev.pubsub.PubSubHeaders}) and {@code @Headers}. The method returns nothing, or a {@code CompletionStage},
 * {@code Mono} or another single-valued reactive type, which the worker awaits within the deadline.
 *
 * <p>Settings that are left out come from {@code pubsub.subscriber.*}; {@code pubsub.subscriptions.<id>.*} overrides
 * what is given here. Values are strings so that placeholders work. May be repeated, and put on annotations of your
 * own.
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective(SubscribeReflectiveProcessor.class)
@Repeatable(Subscribes.class)
public @interface Subscribe {

    /** Topics or patterns; the same as {@link #topics}. A placeholder may stand for several, separated by commas. */
    @AliasFor("topics")
    String[] value() default {};

    /** Topics or patterns; the same as {@link #value}. */
    @AliasFor("value")
    String[] topics() default {};

    /**
     * The subscription's id; default {@code beanName.methodName}. Overloads and repeated annotations need their own.
     */
    String id() default "";

    /** The consumer group on a broker; default: the id. */
    String group() default "";

    /** How many attempts may run at once. */
    String concurrency() default "";

    /** With the concurrency, how many copies may be unsettled at once. */
    String queueCapacity() default "";

    /** How long an attempt may take, for example {@code 30s}. */
    String timeout() default "";

    /** Whether it takes copies from the start. */
    String autoStartup() default "";

    /** What is handled one at a time; at most one value. Default: {@link Ordering#NONE}. */
    Ordering[] ordering() default {};

    /**
     * Which messages are taken at all: a SpEL expression over {@code message}, {@code payload} (as the handler takes
     * it), {@code headers} and {@code #parameterName}. Evaluated on the publisher's thread.
     */
    String condition() default "";
}

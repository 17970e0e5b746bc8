/** The Spring Boot starter: {@link dev.pubsub.spring.Subscribe} on a bean's method makes it a subscription. */
@NullMarked
package dev.pubsub.spring;

import org.jspecify.annotations.NullMarked;

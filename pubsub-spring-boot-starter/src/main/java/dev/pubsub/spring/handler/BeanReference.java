package dev.pubsub.spring.handler;

import java.util.Objects;
import org.springframework.beans.factory.BeanFactory;

/**
 * The bean that a handler belongs to.
 *
 * @param factory where it is
 * @param name its name
 * @param singleton whether it stays the same, so that it need not be asked for again
 */
public record BeanReference(BeanFactory factory, String name, boolean singleton) {

    /** Neither is null. */
    public BeanReference {
        Objects.requireNonNull(factory, "factory");
        Objects.requireNonNull(name, "name");
    }

    Object get() {
        return factory.getBean(name);
    }
}

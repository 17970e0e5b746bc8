package dev.pubsub.test.autoconfigure;

import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/** Leaves out what {@link PubSubTest} does not name. */
public final class PubSubTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<PubSubTest> {

    private final Set<Class<?>> components;

    /** For this test. */
    PubSubTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
        this.components =
                Set.of(getAnnotation().getValue("components", Class[].class).orElse(new Class<?>[0]));
    }

    @Override
    protected Set<Class<?>> getComponentIncludes() {
        return components;
    }
}

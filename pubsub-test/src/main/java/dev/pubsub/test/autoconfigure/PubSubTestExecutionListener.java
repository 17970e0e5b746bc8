package dev.pubsub.test.autoconfigure;

import dev.pubsub.test.PubSubProbe;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.TestExecutionListener;

/**
 * Resets the probe after each test, since contexts are cached; a context in which something stays behind is given up,
 * and the next test gets a new one.
 */
public final class PubSubTestExecutionListener implements TestExecutionListener {

    private static final Logger log = LoggerFactory.getLogger(PubSubTestExecutionListener.class);

    /** Called by the test framework. */
    public PubSubTestExecutionListener() {}

    @Override
    public void prepareTestInstance(TestContext testContext) {
        PubSubTest annotation =
                TestContextAnnotationUtils.findMergedAnnotation(testContext.getTestClass(), PubSubTest.class);
        if (annotation == null) {
            return;
        }
        ApplicationContext context = testContext.getApplicationContext();
        List<String> missing = Arrays.stream(annotation.components())
                .filter(type -> context.getBeanNamesForType(type, true, false).length == 0)
                .map(Class::getName)
                .toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "@PubSubTest names " + missing + ", of which the context has no bean: make it a"
                            + " @Component that the application's component scan finds, or import it with @Import");
        }
    }

    @Override
    public void afterTestMethod(TestContext testContext) {
        PubSubProbe probe = probe(testContext);
        if (probe == null) {
            return;
        }
        try {
            probe.reset();
        } catch (IllegalStateException | AssertionError leftBehind) {
            log.warn(
                    "The next test gets a new application context: {} could not be cleared away. {}",
                    testContext.getTestMethod(),
                    leftBehind.getMessage());
            testContext.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
        }
    }

    private static @Nullable PubSubProbe probe(TestContext testContext) {
        return testContext.hasApplicationContext()
                ? testContext
                        .getApplicationContext()
                        .getBeanProvider(PubSubProbe.class)
                        .getIfAvailable()
                : null;
    }
}

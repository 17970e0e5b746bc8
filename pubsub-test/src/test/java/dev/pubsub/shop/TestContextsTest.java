package dev.pubsub.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.Publisher;
import dev.pubsub.test.PubSubProbe;
import dev.pubsub.test.autoconfigure.PubSubTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EngineTestKit.Builder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.ContextConfiguration;

/** Tests one after another, and side by side, as JUnit and Spring's cache of contexts run them. */
class TestContextsTest {

    private static final List<ApplicationContext> CONTEXTS = Collections.synchronizedList(new ArrayList<>());
    private static final AtomicInteger RUNNING = new AtomicInteger();
    private static final AtomicInteger MOST_RUNNING = new AtomicInteger();
    private static final CountDownLatch STUBBORN = new CountDownLatch(1);

    @Test
    void aContextThatIsPausedForAnotherAndRestartedGoesOnAtRest() {
        CONTEXTS.clear();

        // run in this order: a, then b in another context, then a's context again
        run(OneContext.class);
        PubSub first = CONTEXTS.get(0).getBean(PubSub.class);
        run(AnotherContext.class);
        assertThat(first.snapshot().state()).as("paused").isEqualTo(PubSubSnapshot.State.STOPPED);
        run(OneContextAgain.class);

        assertThat(CONTEXTS).hasSize(3);
        assertThat(CONTEXTS.get(2)).as("cached, and restarted").isSameAs(CONTEXTS.get(0));
        assertThat(CONTEXTS.get(1)).isNotSameAs(CONTEXTS.get(0));
    }

    @Test
    void aContextInWhichSomethingStaysBehindIsGivenUp() {
        CONTEXTS.clear();

        run(LeavesAHandlerBehind.class);
        run(ComesAfter.class);
        STUBBORN.countDown();

        assertThat(CONTEXTS).hasSize(2);
        assertThat(CONTEXTS.get(1)).isNotSameAs(CONTEXTS.get(0));
    }

    @Test
    void classesThatShareAContextDoNotRunSideBySide() {
        CONTEXTS.clear();
        MOST_RUNNING.set(0);

        Builder engine = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4");
        engine.selectors(selectClass(OneContext.class), selectClass(OneContextAgain.class), selectClass(Several.class))
                .execute()
                .testEvents()
                .assertStatistics(stats -> stats.succeeded(5).failed(0));

        assertThat(MOST_RUNNING).hasValue(1);
    }

    @Test
    void aComponentThatTheContextDoesNotHaveFailsTheTestWithTheRemedy() {
        var events = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(NamesNoComponent.class))
                .execute()
                .testEvents();

        assertThat(events.failed().stream().map(Object::toString))
                .singleElement()
                .asString()
                .contains("@PubSubTest names [" + Thread.class.getName() + "], of which the context has no bean")
                .contains("@Import");
    }

    private static void run(Class<?> test) {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(test))
                .execute()
                .testEvents()
                .assertStatistics(stats -> stats.started(1).succeeded(1));
    }

    /** What each of the tests below does; each leaves something that the next must not see. */
    abstract static class Leaving {

        @Autowired
        Publisher publisher;

        @Autowired
        PubSubProbe probe;

        void test(ApplicationContext context) {
            MOST_RUNNING.accumulateAndGet(RUNNING.incrementAndGet(), Math::max);
            CONTEXTS.add(context);
            assertThat(probe.published()).isEmpty();
            publisher.publish("orders.billed", new Order("o-1", 1));
            probe.awaitQuiet();
            assertThat(probe.onlyReceived("shipping")).isCompleted();
            probe.faults().on("shipping").retryLater(Duration.ofSeconds(10));
            publisher.publish("orders.billed", new Order("o-2", 1));
            probe.clock().advance(Duration.ofSeconds(1));
            RUNNING.decrementAndGet();
        }
    }

    @PubSubTest(Shipping.class)
    @ContextConfiguration(classes = ShopApplication.class)
    static class OneContext extends Leaving {

        @Test
        void leaves(@Autowired ApplicationContext context) {
            test(context);
        }
    }

    @PubSubTest(Shipping.class)
    @ContextConfiguration(classes = ShopApplication.class)
    static class OneContextAgain extends Leaving {

        @Test
        void leaves(@Autowired ApplicationContext context) {
            test(context);
        }
    }

    @PubSubTest(Shipping.class)
    @ContextConfiguration(classes = ShopApplication.class)
    static class Several extends Leaving {

        @Test
        void first(@Autowired ApplicationContext context) {
            test(context);
        }

        @Test
        void second(@Autowired ApplicationContext context) {
            test(context);
        }

        @Test
        void third(@Autowired ApplicationContext context) {
            test(context);
        }
    }

    @PubSubTest(value = Shipping.class, properties = "pubsub.subscriber.concurrency=2")
    @ContextConfiguration(classes = ShopApplication.class)
    static class AnotherContext extends Leaving {

        @Test
        void leaves(@Autowired ApplicationContext context) {
            test(context);
        }
    }

    @PubSubTest(properties = {"stubborn=1", "pubsub.shutdown.timeout=0s"})
    @ContextConfiguration(classes = {ShopApplication.class, StubbornHandler.class})
    static class LeavesAHandlerBehind {

        @Test
        void leaves(
                @Autowired ApplicationContext context, @Autowired Publisher publisher, @Autowired PubSubProbe probe) {
            CONTEXTS.add(context);
            probe.timeout(Duration.ofMillis(50));
            publisher.publish("stubborn", "x");
            probe.awaitHanging("stubborn");
        }
    }

    @PubSubTest(properties = {"stubborn=1", "pubsub.shutdown.timeout=0s"})
    @ContextConfiguration(classes = {ShopApplication.class, StubbornHandler.class})
    static class ComesAfter {

        @Test
        void comes(@Autowired ApplicationContext context) {
            CONTEXTS.add(context);
            assertThat(context.getBean(PubSub.class).snapshot().state()).isEqualTo(PubSubSnapshot.State.RUNNING);
        }
    }

    @TestConfiguration
    static class StubbornHandler {

        @dev.pubsub.spring.Subscribe(id = "stubborn", topics = "stubborn")
        void hang(Object payload) {
            while (STUBBORN.getCount() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @PubSubTest(Thread.class)
    @ContextConfiguration(classes = ShopApplication.class)
    static class NamesNoComponent {

        @Test
        void neverRuns() {
            throw new AssertionError("not to be reached");
        }
    }
}

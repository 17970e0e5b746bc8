package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.spi.Capability;
import dev.pubsub.spi.RemoteSender;
import dev.pubsub.spi.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What every theme works with: a fixture of its own for each test, and the processes that the test has opened. */
abstract class Contract {

    private static final Duration POLL = Duration.ofMillis(2);
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final TransportContract suite;
    private final List<Node> nodes = new ArrayList<>();
    private @Nullable TransportFixture fixture;
    private Set<Capability> capabilities = Set.of();
    private boolean remote;

    Contract(TransportContract suite) {
        this.suite = suite;
    }

    @BeforeEach
    final void open() throws Exception {
        TransportFixture given = suite.fixture();
        fixture = given;
        try (Transport probe = given.open()) {
            capabilities = Set.copyOf(probe.capabilities());
            remote = probe.sender() instanceof RemoteSender;
        }
    }

    /** Whatever the test was about: every copy is accounted for, and the engines end. */
    @AfterEach
    final void close() throws Exception {
        try {
            nodes.forEach(Node::close);
            for (Node node : nodes) {
                assertThat(node.engine().snapshot().ledger()).as("ledger").isEqualTo(Ledger.BALANCED);
            }
        } finally {
            fixture().close();
        }
    }

    final TransportFixture fixture() {
        return Objects.requireNonNull(fixture, "the fixture, before the test");
    }

    // ---- what the test needs

    final void requires(Capability... needed) {
        for (Capability capability : needed) {
            assumeTrue(
                    capabilities.contains(capability),
                    () -> "The transport does not claim to be able to: " + capability);
        }
    }

    final boolean can(Capability capability) {
        return capabilities.contains(capability);
    }

    final void requiresLeavingTheProcess() {
        assumeTrue(remote, "The transport stays within its process");
    }

    final boolean leavesTheProcess() {
        return remote;
    }

    // ---- names that no other test has, nor another run on the same broker

    final String name(String what) {
        return what + "-" + RUN + "-" + NAMES.incrementAndGet();
    }

    final String topic() {
        return created("tck." + name("topic"));
    }

    /** The topic, which the broker has from now on. */
    final String created(String topic) {
        try {
            fixture().createTopic(topic);
        } catch (Exception failed) {
            throw new AssertionError("The fixture could not create a topic", failed);
        }
        return topic;
    }

    final SubscriptionSpec.Builder<Object> subscription(String... patterns) {
        return SubscriptionSpec.builder(name("subscription"), patterns);
    }

    // ---- processes

    /** A process of the application, started. */
    final Node node() {
        return node(builder -> builder);
    }

    /** A process of the application with settings of its own, started. */
    final Node node(UnaryOperator<PubSubBuilder> settings) {
        Node node = new Node(fixture(), settings);
        nodes.add(node);
        return node;
    }

    // ---- waiting

    /** Waits until the assertions hold, as long as the fixture has patience. */
    final void eventually(ThrowingRunnable assertions) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .atMost(fixture().patience())
                .untilAsserted(assertions);
    }

    /** Waits until it is so, as long as the fixture has patience. */
    final void eventually(String what, Callable<Boolean> condition) {
        await(what)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .atMost(fixture().patience())
                .until(condition);
    }
}

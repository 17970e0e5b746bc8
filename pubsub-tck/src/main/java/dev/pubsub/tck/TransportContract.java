package dev.pubsub.tck;

import org.junit.jupiter.api.Nested;

/**
 * What every transport must do. The author of a transport extends it, and runs it as any JUnit test:
 *
 * <pre>{@code
 * class CarrierPigeonContractTest extends TransportContract {
 *
 *     @Override
 *     protected TransportFixture fixture() {
 *         return new CarrierPigeonFixture();
 *     }
 * }
 * }</pre>
 *
 * <p>Each nested class is a theme. A test that needs a {@link dev.pubsub.spi.Capability}, a transport that leaves the
 * process (its sender is a {@link dev.pubsub.spi.RemoteSender}) or something of the fixture that there is not, is
 * skipped and says so; what a transport claims it is held to. Tests never sleep: what must not happen is looked for
 * after something that comes later has happened. Those that draw at random print their seed, and take it from the
 * system property {@code pubsub.tck.seed}.
 *
 * <p>Payloads are text and bytes, so no codec is needed. Engines run with their defaults, but for a short drain.
 */
public abstract class TransportContract {

    /** For subclasses. */
    protected TransportContract() {}

    /**
     * A fixture for one test, which closes it.
     *
     * @throws Exception if there is none, which fails the test
     */
    protected abstract TransportFixture fixture() throws Exception;

    /** What is published arrives, intact, where it belongs, and nowhere else. */
    @Nested
    class Delivery extends DeliveryContract {
        Delivery() {
            super(TransportContract.this);
        }
    }

    /** Many publishers, subscribers and topics at once. */
    @Nested
    class Crowds extends CrowdContract {
        Crowds() {
            super(TransportContract.this);
        }
    }

    /** Messages of one key are handled in their order, one at a time. */
    @Nested
    class Ordering extends OrderingContract {
        Ordering() {
            super(TransportContract.this);
        }
    }

    /** What fails is tried again, or becomes a dead letter. */
    @Nested
    class Failures extends FailureContract {
        Failures() {
            super(TransportContract.this);
        }
    }

    /** What was not settled is delivered again, be it by another process. */
    @Nested
    class Durability extends DurabilityContract {
        Durability() {
            super(TransportContract.this);
        }
    }

    /** Groups get every message, and their members share it. */
    @Nested
    class Groups extends GroupContract {
        Groups() {
            super(TransportContract.this);
        }
    }

    /** The end of publishers, subscriptions and engines, and their beginning again. */
    @Nested
    class Lifecycle extends LifecycleContract {
        Lifecycle() {
            super(TransportContract.this);
        }
    }

    /** What a publish promises. */
    @Nested
    class Publishing extends PublishingContract {
        Publishing() {
            super(TransportContract.this);
        }
    }

    /** The largest messages that are allowed. */
    @Nested
    class Limits extends LimitContract {
        Limits() {
            super(TransportContract.this);
        }
    }

    /** The broker goes, and comes back; and it has other clients. */
    @Nested
    class Brokers extends BrokerContract {
        Brokers() {
            super(TransportContract.this);
        }
    }

    /** The SPI itself: a receiver, and an inlet that is moved by hand. */
    @Nested
    class Receivers extends ReceiverContract {
        Receivers() {
            super(TransportContract.this);
        }
    }
}

package dev.pubsub.kafka;

import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Inlet;
import dev.pubsub.spi.Receiver;
import dev.pubsub.spi.SafeText;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives for one subscription: a thread with a {@link PollLoop}, and with another one, after a pause, where a loop
 * has failed. Start, quiesce and stop are called by one thread at a time.
 */
final class KafkaReceiver implements Receiver {

    private static final Logger log = LoggerFactory.getLogger(KafkaReceiver.class);
    private static final long RESTART_MILLIS = 1_000;
    private static final long CANCEL_SECONDS = 10;
    private static final int TOPICS_AGE_MILLIS = 10_000; // how soon a pattern sees a new topic

    private final SubscriptionSpec<?> spec;
    private final Inlet inlet;
    private final KafkaConnections connections;
    private final KafkaSettings settings;
    private final Runnable started;
    private @Nullable Run run;

    /** {@code started} is called at each start. */
    KafkaReceiver(
            SubscriptionSpec<?> spec,
            Inlet inlet,
            KafkaConnections connections,
            KafkaSettings settings,
            Runnable started) {
        this.spec = spec;
        this.inlet = inlet;
        this.connections = connections;
        this.settings = settings;
        this.started = started;
    }

    @Override
    public synchronized void start() {
        if (run == null) {
            started.run();
            run = new Run();
            run.thread.start();
        }
    }

    @Override
    public synchronized void quiesce() {
        if (run != null) {
            run.quiesce();
        }
    }

    @Override
    public void stop() {
        Run stopping;
        synchronized (this) {
            stopping = run;
            run = null;
        }
        if (stopping != null) {
            stopping.stop();
        }
    }

    /** From a start to the next stop. */
    private final class Run implements Runnable {

        private final Thread thread = new Thread(this, "pubsub-kafka-" + spec.id());
        private final CountDownLatch stopped = new CountDownLatch(1);
        private boolean quiet;
        private @Nullable PollLoop loop; // both guarded by this object

        private Run() {
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            try {
                while (stopped.getCount() > 0) {
                    receive();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private void receive() throws InterruptedException {
            PollLoop polling = null;
            try {
                polling = begin();
                polling.run();
            } catch (RuntimeException | Error failure) {
                log.error(
                        "Subscription '{}': receiving from Kafka failed, tried again in a moment: {}",
                        spec.id(),
                        SafeText.of(failure),
                        SafeText.trace(failure));
                stopped.await(RESTART_MILLIS, TimeUnit.MILLISECONDS);
            } finally {
                end(polling);
            }
        }

        private PollLoop begin() {
            Consumer<byte[], byte[]> consumer = connections.consumer(required());
            PollLoop polling = new PollLoop(spec, inlet, settings, consumer);
            synchronized (this) {
                loop = polling;
                if (quiet) {
                    polling.quiesce();
                }
                if (stopped.getCount() == 0) {
                    polling.end();
                }
            }
            return polling;
        }

        private void end(@Nullable PollLoop polling) {
            synchronized (this) {
                loop = null;
            }
            if (polling != null) {
                try {
                    polling.leave();
                } catch (RuntimeException failure) {
                    log.warn("Subscription '{}': leaving the group failed: {}", spec.id(), SafeText.of(failure));
                }
            }
        }

        private synchronized void quiesce() {
            quiet = true;
            if (loop != null) {
                loop.quiesce();
            }
        }

        private void stop() {
            synchronized (this) {
                stopped.countDown();
                if (loop != null) {
                    loop.end();
                }
            }
            try {
                long millis = settings.revocationTimeout().toMillis() + TimeUnit.SECONDS.toMillis(CANCEL_SECONDS);
                thread.join(millis);
                if (thread.isAlive()) {
                    log.warn("Subscription '{}': its consumer could not leave its group in time", spec.id());
                    thread.interrupt();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What the transport relies on, and defaults where the application has set nothing. */
    private Map<String, Object> required() {
        Map<String, Object> theirs = connections.consumerSettings();
        Map<String, Object> required = new HashMap<>();
        required.put(ConsumerConfig.GROUP_ID_CONFIG, spec.group() == null ? spec.id() : spec.group());
        required.put(ConsumerConfig.CLIENT_ID_CONFIG, "pubsub-" + spec.id());
        required.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // a new group begins with what is kept: what was published before its first assignment is not missed
        unlessSet(theirs, required, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // a rebalance leaves alone what stays where it is; of no meaning under the newer protocol, where brokers decide
        if (!"consumer".equals(theirs.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
            unlessSet(
                    theirs,
                    required,
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                    CooperativeStickyAssignor.class.getName());
        }
        if (!TopicPatterns.areTopics(spec.patterns())) {
            unlessSet(theirs, required, ConsumerConfig.METADATA_MAX_AGE_CONFIG, TOPICS_AGE_MILLIS);
        }
        return required;
    }

    private static void unlessSet(Map<String, Object> theirs, Map<String, Object> required, String name, Object value) {
        if (!theirs.containsKey(name)) {
            required.put(name, value);
        }
    }
}

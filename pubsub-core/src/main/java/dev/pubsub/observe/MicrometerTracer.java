package dev.pubsub.observe;

import dev.pubsub.DeadLetter;
import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.MessageTracer;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a Micrometer observation of each publish and of each attempt, and takes the publisher's context to the handler.
 * What handlers of observations, conventions and accessors throw is logged, and has no other effect. While the registry
 * has no handler, nothing is observed, and the context goes along all the same. Immutable; safe for use by any thread.
 */
public final class MicrometerTracer implements MessageTracer {

    private final ObservationRegistry registry;
    private final @Nullable PublishObservationConvention publishConvention;
    private final @Nullable ProcessObservationConvention processConvention;
    private final ContextCarrier carrier;
    private final ContextTracer unobserved;

    private MicrometerTracer(
            ObservationRegistry registry,
            @Nullable PublishObservationConvention publishConvention,
            @Nullable ProcessObservationConvention processConvention,
            ContextCarrier carrier) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.publishConvention = publishConvention;
        this.processConvention = processConvention;
        this.carrier = Objects.requireNonNull(carrier, "carrier");
        this.unobserved = ContextTracer.of(carrier);
    }

    /** In this registry, by the default conventions, or by global ones of the registry where it has some. */
    public static MicrometerTracer of(ObservationRegistry registry, ContextCarrier carrier) {
        return new MicrometerTracer(registry, null, null, carrier);
    }

    /** With these conventions; null for the default, or for a global one of the registry. */
    public MicrometerTracer withConventions(
            @Nullable PublishObservationConvention publish, @Nullable ProcessObservationConvention process) {
        return new MicrometerTracer(registry, publish, process, carrier);
    }

    @Override
    public @Nullable Publication publish(Message<?> message, String template) {
        if (registry.isNoop()) {
            return unobserved.publish(message, template);
        }
        PublishObservationContext context = new PublishObservationContext(message, template);
        Observation observation = Foreign.call(
                () -> Observation.createNotStarted(
                        publishConvention, DefaultPublishObservationConvention.INSTANCE, () -> context, registry),
                Observation.NOOP);
        Foreign.run(observation::start);
        Message<?> traced = Foreign.<Message<?>>call(() -> message.withHeaders(context.headers()), message);
        boolean observed = !observation.isNoop();
        Carried carried = carry(observed ? observation : registry.getCurrentObservation(), observed, null);
        return new ObservedPublication(observation, context, traced, carried);
    }

    private Carried carry(@Nullable Observation parent, boolean published, @Nullable String deadLetterId) {
        return new Carried(registry, parent, published, Foreign.call(carrier::capture, Carried.NOTHING), deadLetterId);
    }

    @Override
    public SubscriptionTracer subscription(SubscriptionSpec<?> spec) {
        return new Attempts(String.join(",", spec.patterns()), unobserved.subscription(spec));
    }

    @Override
    public Runnable carry(Runnable action) {
        Carried carried = carry(registry.getCurrentObservation(), false, null);
        return () -> {
            try (Scope scope = carried.restore()) {
                action.run();
            }
        };
    }

    private final class Attempts implements SubscriptionTracer {

        private final String template;
        private final SubscriptionTracer unobservedAttempts;

        Attempts(String template, SubscriptionTracer unobservedAttempts) {
            this.template = template;
            this.unobservedAttempts = unobservedAttempts;
        }

        @Override
        public Object replay(DeadLetter letter) {
            return registry.isNoop()
                    ? unobservedAttempts.replay(letter)
                    : carry(registry.getCurrentObservation(), false, letter.id());
        }

        @Override
        public @Nullable AttemptTrace attempt(Delivery delivery, @Nullable Object context) {
            if (registry.isNoop()) {
                return unobservedAttempts.attempt(delivery, context);
            }
            Carried carried = context instanceof Carried given
                    ? given
                    : new Carried(registry, null, false, Carried.NOTHING, null);
            return new ObservedAttempt(
                    registry,
                    processConvention,
                    new ProcessObservationContext(delivery, template, carried.deadLetterId()),
                    carried);
        }
    }
}

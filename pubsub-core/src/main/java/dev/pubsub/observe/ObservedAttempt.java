package dev.pubsub.observe;

import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.MessageTracer.AttemptTrace;
import dev.pubsub.spi.MessageTracer.Scope;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as an observation, which is stopped once, whoever ends the attempt and whenever: {@code state} is null,
 * then the observation once it has been started, then its end. Who finds the other's word there stops it.
 */
final class ObservedAttempt implements AttemptTrace {

    private record End(AttemptResult result, @Nullable Throwable error) {}

    private final ObservationRegistry registry;
    private final @Nullable ProcessObservationConvention convention;
    private final ProcessObservationContext context;
    private final Carried carried;
    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

    ObservedAttempt(
            ObservationRegistry registry,
            @Nullable ProcessObservationConvention convention,
            ProcessObservationContext context,
            Carried carried) {
        this.registry = registry;
        this.convention = convention;
        this.context = context;
        this.carried = carried;
    }

    @Override
    public Scope begin() {
        Scope outer = carried.restore();
        Observation observation = Foreign.call(
                () -> Observation.createNotStarted(
                                convention, DefaultProcessObservationConvention.INSTANCE, () -> context, registry)
                        .parentObservation(carried.parent()),
                Observation.NOOP);
        Foreign.run(observation::start);
        Observation present = observation.isNoop() && carried.parent() != null ? carried.parent() : observation;
        Scope inner = Carried.open(registry, present);
        if (!state.compareAndSet(null, observation) && state.get() instanceof End end) {
            stop(observation, end);
        }
        return () -> {
            inner.close();
            outer.close();
        };
    }

    @Override
    public void end(AttemptResult result, @Nullable Throwable error) {
        End end = new End(result, error);
        if (state.getAndSet(end) instanceof Observation begun) {
            stop(begun, end);
        }
    }

    private void stop(Observation observation, End end) {
        context.result(end.result());
        Throwable error = end.error();
        if (error != null) {
            Foreign.run(() -> observation.error(error));
        }
        Foreign.run(observation::stop);
    }
}

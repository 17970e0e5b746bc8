package dev.pubsub.observe;

import dev.pubsub.spi.MessageTracer.Scope;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes along what Micrometer's context propagation knows of. The current observation is left out: the engine opens its
 * own. Needs the library {@code io.micrometer:context-propagation}.
 */
public final class ContextPropagation implements ContextCarrier {

    private final List<ThreadLocalAccessor<?>> more;
    private volatile @Nullable ContextCarrier carrier;

    private ContextPropagation(@Nullable ContextCarrier carrier, List<ThreadLocalAccessor<?>> more) {
        this.carrier = carrier;
        this.more = List.copyOf(more);
    }

    /** By this factory, which says what is captured. */
    public static ContextPropagation of(ContextSnapshotFactory factory) {
        return new ContextPropagation(
                () -> {
                    ContextSnapshot snapshot = factory.captureAll();
                    return () -> restore(snapshot);
                },
                List.of());
    }

    private static boolean isWanted(Object key) {
        return !ObservationThreadLocalAccessor.KEY.equals(key);
    }

    private static Scope restore(ContextSnapshot snapshot) {
        ContextSnapshot.Scope scope = snapshot.setThreadLocals(ContextPropagation::isWanted);
        return scope::close;
    }

    /**
     * By the accessors that the global {@link ContextRegistry} has when it is asked first, these more, and one for the
     * whole MDC. The global registry itself is left as it is.
     */
    public static ContextPropagation with(List<ThreadLocalAccessor<?>> more) {
        return new ContextPropagation(null, more);
    }

    @Override
    public Captured capture() {
        ContextCarrier known = carrier;
        if (known == null) {
            known = ofAccessors(); // by two threads at most, alike
            carrier = known;
        }
        return known.capture();
    }

    /** Late, so that accessors which the application registers while it starts are among them. */
    private ContextCarrier ofAccessors() {
        ContextRegistry registry = new ContextRegistry();
        registry.registerThreadLocalAccessor(new Slf4jThreadLocalAccessor());
        ContextRegistry.getInstance().getThreadLocalAccessors().forEach(registry::registerThreadLocalAccessor);
        more.forEach(registry::registerThreadLocalAccessor);
        return new HeldValues(registry.getThreadLocalAccessors().stream()
                .filter(accessor -> isWanted(accessor.key()))
                .toList());
    }
}

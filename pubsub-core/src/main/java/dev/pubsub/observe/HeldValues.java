package dev.pubsub.observe;

import io.micrometer.context.ThreadLocalAccessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes along what accessors find. The library's own snapshot does the same, and allocates where nothing is held, which
 * is most of the time; this allocates nothing then. Immutable; safe for use by any thread.
 */
final class HeldValues implements ContextCarrier {

    private final ThreadLocalAccessor<Object>[] accessors;

    @SuppressWarnings({"unchecked", "rawtypes"})
    HeldValues(List<ThreadLocalAccessor<?>> accessors) {
        this.accessors = accessors.toArray(new ThreadLocalAccessor[0]);
    }

    @Override
    public Captured capture() {
        @Nullable Object @Nullable [] values = null;
        for (int i = 0; i < accessors.length; i++) {
            Object value = accessors[i].getValue();
            if (value != null) {
                values = values == null ? new Object[accessors.length] : values;
                values[i] = value;
            }
        }
        return values == null ? ContextCarrier.nothing() : restoring(values);
    }

    private Captured restoring(@Nullable Object[] values) {
        return () -> {
            @Nullable Object[] before = new Object[values.length];
            try {
                set(values, before);
            } catch (Throwable foreign) {
                reset(values, before); // of one accessor that fails, the others must not be left set
                throw foreign;
            }
            return () -> reset(values, before);
        };
    }

    private void set(@Nullable Object[] values, @Nullable Object[] before) {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value != null) {
                before[i] = accessors[i].getValue();
                accessors[i].setValue(value);
            }
        }
    }

    private void reset(@Nullable Object[] values, @Nullable Object[] before) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null) {
                ThreadLocalAccessor<Object> accessor = accessors[i];
                Object earlier = before[i];
                Foreign.run(earlier == null ? accessor::restore : () -> accessor.restore(earlier));
            }
        }
    }
}

package dev.pubsub.spi;

import org.jspecify.annotations.Nullable;

/** Stands for a throwable of foreign origin in a log. */
final class SafeTrace extends Throwable {

    private static final long serialVersionUID = 1L;
    private static final int MAX_CAUSES = 5;

    private SafeTrace(Throwable original, @Nullable Throwable cause) {
        super(SafeText.of(original), cause, false, true);
        setStackTrace(original.getStackTrace());
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this; // the frames are those of the original
    }

    static Throwable of(Throwable thrown) {
        try {
            return of(thrown, MAX_CAUSES);
        } catch (Throwable foreign) { // getCause and getStackTrace may be anybody's
            return new Throwable("The trace cannot be shown");
        }
    }

    private static SafeTrace of(Throwable thrown, int causes) {
        Throwable cause = thrown.getCause();
        return new SafeTrace(thrown, cause == null || causes == 0 ? null : of(cause, causes - 1));
    }
}

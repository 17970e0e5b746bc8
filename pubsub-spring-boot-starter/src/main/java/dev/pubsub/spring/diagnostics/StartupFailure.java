package dev.pubsub.spring.diagnostics;

import org.jspecify.annotations.Nullable;

/** A mistake that stops the start. Says what is wrong, and what to write instead. */
public final class StartupFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    StartupFailure(String description, String action, @Nullable Throwable cause) {
        super(description + " " + action, cause);
        this.description = description;
        this.action = action;
    }

    /** What is wrong. */
    public String description() {
        return description;
    }

    /** What to write. */
    public String action() {
        return action;
    }
}

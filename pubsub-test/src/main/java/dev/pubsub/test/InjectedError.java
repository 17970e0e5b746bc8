package dev.pubsub.test;

/** The {@link Error} that a handler throws by a rule of {@link Faults} that names none of its own. */
public final class InjectedError extends Error {

    private static final long serialVersionUID = 1L;

    InjectedError(String subscription) {
        super("A fault of the test, in subscription '" + subscription + "'");
    }
}

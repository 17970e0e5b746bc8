package dev.pubsub.test;

/** What a handler throws by a rule of {@link Faults} that names no exception of its own. */
public final class InjectedFaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InjectedFaultException(String subscription) {
        super("A fault of the test, in subscription '" + subscription + "'");
    }
}

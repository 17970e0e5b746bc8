package dev.pubsub.deadletter;

/** A dead letter must wait for an older one of its sequence. */
final class SequenceBlockedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    SequenceBlockedException(String message) {
        super(message);
    }
}

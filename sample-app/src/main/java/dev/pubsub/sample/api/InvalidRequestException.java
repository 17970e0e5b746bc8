package dev.pubsub.sample.api;

/** A request that cannot be answered as it is. */
final class InvalidRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidRequestException(String problem) {
        super(problem);
    }
}

package dev.pubsub;

/**
 * Handles the copies of one subscription. Called by the engine's workers, by up to {@code concurrency} of them at once.
 *
 * <p>Returning completes the copy. Throwing retries it as the subscription's policy says, then dead-letters it.
 * {@link RejectMessageException} dead-letters at once; {@link RetryLaterException} tries again after exactly the time
 * it names.
 *
 * @param <T> type of the payload
 */
@FunctionalInterface
public interface MessageHandler<T> {

    /**
     * Handles one attempt.
     *
     * @param message the message, its payload of the subscription's payload type
     * @param delivery belongs to this attempt alone
     * @throws Exception whatever goes wrong
     */
    void handle(Message<T> message, Delivery delivery) throws Exception;
}

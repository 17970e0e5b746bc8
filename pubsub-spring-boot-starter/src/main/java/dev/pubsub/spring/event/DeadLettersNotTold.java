package dev.pubsub.spring.event;

/**
 * So many dead letters more were kept than listeners could be told with {@link MessageDeadLettered}, since one of them
 * was slower than they came; the endpoint has them.
 *
 * @param count at least one
 */
public record DeadLettersNotTold(long count) {}

package dev.pubsub.spi;

/**
 * Knows the transaction around a publish. Asked once for every message that passed validation, on the publisher's
 * thread; must not block.
 */
@FunctionalInterface
public interface CommitHook {

    /**
     * Where a transaction is under way on this thread, keeps the action until it has committed and then runs it once, on
     * the same thread; after a rollback never.
     *
     * @param admit admits the message; throws nothing
     * @return false, without keeping the action, where there is no transaction
     */
    boolean afterCommit(Runnable admit);
}

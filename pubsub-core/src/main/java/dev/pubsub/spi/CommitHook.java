package dev.pubsub.spi;

/**
 * Knows the transaction around a publish. Asked once for every publish that passed validation, on the publisher's
 * thread; must not block.
 */
@FunctionalInterface
public interface CommitHook {

    /**
     * Where a transaction is under way on this thread, keeps both actions until it has ended, and then runs one of them
     * once.
     *
     * @param admit for after the commit; throws nothing, may wait as a publish does
     * @param drop for after a rollback, or an end that nobody knows; throws nothing
     * @return false, without keeping the actions, where there is no transaction
     */
    boolean afterCommit(Runnable admit, Runnable drop);
}

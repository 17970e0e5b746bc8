package dev.pubsub.spring.transaction;

import dev.pubsub.spi.CommitHook;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Admits a message after the commit of the Spring transaction that its publish was called in. */
public final class TransactionCommitHook implements CommitHook {

    @Override
    public boolean afterCommit(Runnable admit, Runnable drop) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()
                || !TransactionSynchronizationManager.isActualTransactionActive()) {
            return false;
        }
        TransactionSynchronizationManager.registerSynchronization(new Admission(admit, drop));
        return true;
    }

    /** One message that waits for the commit. Used by one thread. */
    private static final class Admission implements TransactionSynchronization {

        private final Runnable admit;
        private final Runnable drop;
        private final Set<Object> laterSavepoints = Collections.newSetFromMap(new IdentityHashMap<>());
        private boolean done;

        Admission(Runnable admit, Runnable drop) {
            this.admit = admit;
            this.drop = drop;
        }

        @Override
        public void savepoint(Object savepoint) {
            laterSavepoints.add(savepoint);
        }

        /** Rolled back to a savepoint that was there before the message: the message never was. */
        @Override
        public void savepointRollback(Object savepoint) {
            if (!laterSavepoints.contains(savepoint)) {
                once(drop);
            }
        }

        @Override
        public void afterCommit() {
            once(admit);
        }

        /** Whoever was published by another callback of the same commit is told only of this. */
        @Override
        public void afterCompletion(int status) {
            once(status == STATUS_COMMITTED ? admit : drop);
        }

        private void once(Runnable end) {
            if (!done) {
                done = true;
                end.run();
            }
        }
    }
}

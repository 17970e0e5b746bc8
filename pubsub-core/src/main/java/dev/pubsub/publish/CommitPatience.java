package dev.pubsub.publish;

import dev.pubsub.delivery.Slot;
import org.jspecify.annotations.Nullable;

/**
 * How long the messages of one call may wait when their transaction has committed: one time for all of them, which
 * begins when the first is admitted. Used by the call's thread, and after that by the thread that commits.
 */
final class CommitPatience {

    private final PublishPipeline pipeline;
    private final boolean mayWait;
    private @Nullable Patience patience;

    CommitPatience(PublishPipeline pipeline, boolean mayWait) {
        this.pipeline = pipeline;
        this.mayWait = mayWait;
    }

    Patience from(@Nullable Slot handler, long startNanos) {
        Patience present = patience;
        if (present == null) {
            present = pipeline.patience(mayWait, handler, startNanos);
            patience = present;
        }
        return present;
    }
}

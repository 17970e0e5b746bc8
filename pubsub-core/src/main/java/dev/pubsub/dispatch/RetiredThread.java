package dev.pubsub.dispatch;

/**
 * Ends a thread of the pool: thrown out of its task, it is the documented way to keep a
 * {@link java.util.concurrent.ThreadPoolExecutor} from using the thread again. Nothing is wrong.
 */
final class RetiredThread extends Error {

    private static final long serialVersionUID = 1L;

    RetiredThread() {
        super("a thread whose attempt was ended from outside takes no other message", null, false, false);
    }
}

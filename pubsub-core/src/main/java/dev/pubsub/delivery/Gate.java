package dev.pubsub.delivery;

/** Whether an attempt may begin. Read at the last moment before the handler is called; must not block. */
@FunctionalInterface
public interface Gate {

    /** False once a pause, stop or close has returned. */
    boolean isOpen();
}

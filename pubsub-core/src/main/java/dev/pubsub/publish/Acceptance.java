package dev.pubsub.publish;

/** Whether the engine accepts messages. Read for every publish by any thread; must not block. */
public interface Acceptance {

    /** Whether a message from a handler, or else from outside, is accepted now. */
    boolean accepts(boolean fromHandler);

    /** Whether somebody delivers, so that waiting for room is of use. */
    boolean delivers();
}

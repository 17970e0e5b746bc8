package dev.pubsub.harness;

/** Something that must not be, with the message it is about and what was seen. */
record Verdict(Kind kind, String message, String seen) {

    enum Kind {
        LOST,
        PHANTOM,
        DUPLICATE,
        REORDERED,
        OVERLAP,
        STUCK,
        /** A dead letter that was not meant to become one. */
        BURIED,
        /** An offset was committed before all below it was done. */
        EARLY,
        /** Begun, or committed, after its partition was given up. */
        LATE,
        /** No kill landed on work in flight: the round proves nothing. */
        VOID
    }
}

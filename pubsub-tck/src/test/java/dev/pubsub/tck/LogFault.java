package dev.pubsub.tck;

/** What is wrong with a {@link LogTransport}, so that the suite can be seen to find it. */
enum LogFault {
    /** Nothing. */
    NONE,
    /** A message counts as settled as soon as the engine has taken it. */
    ACKNOWLEDGES_BEFORE_HANDLING,
    /** The offset behind the highest settled one is committed, whatever lies before it. */
    COMMITS_THE_HIGHEST_OFFSET,
    /** Records go to the partitions in turn, whatever their key. */
    LOSES_THE_KEY_ORDER,
    /** What is settled by a receiver that has lost its partition counts. */
    TAKES_LATE_SETTLEMENTS,
    /** What finds no credit is dropped. */
    DROPS_WITHOUT_CREDIT,
    /** Every member of a group has every partition. */
    SHARES_NOTHING,
    /** A group begins at a topic's end. */
    FORGETS_WHAT_WAS_BEFORE,
    /** Headers stay behind. */
    DROPS_HEADERS,
    /** A message refused by a condition is not acknowledged. */
    KEEPS_WHAT_IS_FILTERED,
    /** A receiver that was asked to be quiet goes on offering. */
    DOES_NOT_QUIESCE,
    /** A pattern's subscription knows only the topics that there were when it began. */
    MISSES_NEW_TOPICS,
    /** A partition goes to another member while handlers are at its messages. */
    HANDS_OVER_AT_ONCE,
    /** What was published while the broker was down is acknowledged and lost. */
    ACKNOWLEDGES_WHILE_DOWN
}

package dev.pubsub.tck;

import java.util.concurrent.ThreadLocalRandom;

/** Chance that can be had again: printed, and taken from {@code pubsub.tck.seed} where that is set. */
final class Seed {

    private static final String PROPERTY = "pubsub.tck.seed";

    private final long value;

    private Seed(long value) {
        this.value = value;
    }

    @SuppressWarnings("SystemOut") // a test's report is where its seed is looked for
    static Seed draw(String test) {
        Long given = Long.getLong(PROPERTY);
        long value = given == null ? ThreadLocalRandom.current().nextLong() : given;
        System.out.println(test + ": -D" + PROPERTY + "=" + value);
        return new Seed(value);
    }

    /** Whether this is one of the named share (of 1) of all texts: always the same answer for the same text. */
    boolean picks(String text, double share) {
        long mixed = (value ^ text.hashCode()) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return (mixed >>> 11) * 0x1.0p-53 < share;
    }

    @Override
    public String toString() {
        return "seed " + value;
    }
}

package dev.pubsub;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;

/**
 * Stamps and ids of messages. A stamp is a hybrid logical clock (Kulkarni et al., 2014) in one word: milliseconds since
 * 1970, then 20 bits of a counter; each is greater than the one before, so that it also gives the order within this
 * process, at the cost of one compare-and-set. An id is "stamp, 16 hex digits" "-" "random for this process, 16 hex
 * digits": ids of one process differ by their stamps, those of two processes by 64 random bits.
 */
final class MessageIds {

    private static final int COUNTER_BITS = 20;
    private static final long LATEST_MILLIS = Long.MAX_VALUE >>> COUNTER_BITS; // in the year 2248
    private static final long TOLERANCE_MILLIS = 1;
    private static final int APART = 128 / Long.BYTES; // two cache lines, since some processors fetch pairs
    private static final int LAST = APART; // from both ends of the array, since all publishers write it
    private static final long[] STAMPS = new long[2 * APART + 1]; // bare: a wrapper would be one more object to read
    private static final VarHandle STAMP = MethodHandles.arrayElementVarHandle(long[].class);
    private static final String PROCESS = "-" + hex(new SecureRandom().nextLong());

    private MessageIds() {}

    /** A stamp for a message of that time, greater than all before. */
    static long next(long epochMillis) {
        long atLeast = epochMillis < 0 || epochMillis > LATEST_MILLIS ? 0 : epochMillis << COUNTER_BITS;
        while (true) {
            long last = (long) STAMP.getVolatile(STAMPS, LAST);
            long next = Math.max(last + 1, atLeast);
            if (STAMP.compareAndSet(STAMPS, LAST, last, next)) {
                return next;
            }
        }
    }

    /** How many stamps of the same millisecond came before this one. */
    static int numberOf(long stamp) {
        return (int) stamp & ((1 << COUNTER_BITS) - 1);
    }

    /** The time that a stamp tells. */
    static long millisOf(long stamp) {
        return stamp >>> COUNTER_BITS;
    }

    /** Whether the stamp tells this time; else the clock was set back, or the time is not that of the creation. */
    static boolean tells(long stamp, long epochMillis) {
        long later = millisOf(stamp) - epochMillis;
        return later >= 0 && later <= TOLERANCE_MILLIS;
    }

    static String render(long stamp) {
        return hex(stamp) + PROCESS;
    }

    private static String hex(long value) {
        char[] text = new char[16];
        long rest = value;
        for (int i = text.length - 1; i >= 0; i--) {
            text[i] = Character.forDigit((int) (rest & 0xF), 16);
            rest >>>= 4;
        }
        return new String(text);
    }
}

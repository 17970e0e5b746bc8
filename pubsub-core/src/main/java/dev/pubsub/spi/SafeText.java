package dev.pubsub.spi;

import org.jspecify.annotations.Nullable;

/**
 * Makes text of unknown origin fit for one line of a log or an error: control and format characters escaped, length
 * capped.
 */
public final class SafeText {

    /** What a log line shows of an exception's message at most, in characters. */
    public static final int MAX_LENGTH = 300;

    private SafeText() {}

    /** The text on one line, cut after {@link #MAX_LENGTH} characters; "null" for null. */
    public static String of(@Nullable String text) {
        return of(text, MAX_LENGTH);
    }

    /** The text on one line, cut after {@code max} of its characters; "null" for null. */
    public static String of(@Nullable String text, int max) {
        if (text == null) {
            return "null";
        }
        int end = Math.min(text.length(), max);
        StringBuilder safe = new StringBuilder(end + 16);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (isSafe(c)) {
                safe.append(c);
            } else {
                safe.append(String.format("\\u%04X", (int) c));
            }
        }
        return end < text.length() ? safe.append("...").toString() : safe.toString();
    }

    /** A throwable's type and message on one line, capped; never its causes' messages. */
    public static String of(Throwable thrown) {
        String message = messageOf(thrown);
        return thrown.getClass().getName() + (message == null ? "" : ": " + of(message));
    }

    /**
     * A throwable to be handed to a logger, which prints messages as they are: with the frames and the causes of this
     * one, and with messages that are made fit.
     */
    public static Throwable trace(Throwable thrown) {
        return SafeTrace.of(thrown);
    }

    /** A throwable's message, null where it has none or where asking for it fails: it is foreign code. */
    @SuppressWarnings("CatchingUnchecked")
    public static @Nullable String messageOf(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (Throwable foreign) {
            return null;
        }
    }

    private static boolean isSafe(char c) {
        if (c >= ' ' && c < 0x7F) {
            return c != '\\';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> c > 0x7F;
        };
    }
}

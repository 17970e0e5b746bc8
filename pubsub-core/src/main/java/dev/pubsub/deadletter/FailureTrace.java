package dev.pubsub.deadletter;

import dev.pubsub.spi.SafeText;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter keeps of a Throwable: types and frames, cut short, and a fingerprint of the type and the top
 * frames. Equal traces are one String, since failures come in crowds. Guarded by its owner's lock.
 */
final class FailureTrace {

    static final int MAX_MESSAGE = 1_000;
    private static final int MAX_LENGTH = 4_000;
    private static final int FRAMES_EACH = 12; // else the frames of the outermost would leave no room for its cause
    private static final int FRAMES_OF_FINGERPRINT = 5;
    private static final int MAX_REMEMBERED = 256;

    private final Map<String, String> remembered = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    static @Nullable String message(Throwable thrown) {
        String message = SafeText.messageOf(thrown);
        return message == null || message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
    }

    /** Types and frames of the throwable and its causes. */
    String render(Throwable thrown) {
        StringBuilder text = new StringBuilder(1_024);
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable current = thrown;
        while (current != null && seen.add(current) && text.length() < MAX_LENGTH) {
            text.append(text.isEmpty() ? "" : "Caused by: ")
                    .append(current.getClass().getName());
            text.append('\n');
            StackTraceElement[] frames = framesOf(current);
            for (int i = 0; i < Math.min(frames.length, FRAMES_EACH) && text.length() < MAX_LENGTH; i++) {
                text.append("\tat ").append(frames[i]).append('\n');
            }
            if (frames.length > FRAMES_EACH) {
                text.append("\t... ").append(frames.length - FRAMES_EACH).append(" more\n");
            }
            current = causeOf(current);
        }
        if (text.length() > MAX_LENGTH) {
            text.setLength(MAX_LENGTH);
            text.append("...\n");
        }
        String rendered = text.toString();
        String same = remembered.putIfAbsent(rendered, rendered);
        return same == null ? rendered : same;
    }

    private static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable foreign) {
            return null;
        }
    }

    /** Foreign code may have overridden it, to fail or to answer null. */
    private static StackTraceElement[] framesOf(Throwable thrown) {
        StackTraceElement @Nullable [] frames;
        try {
            frames = thrown.getStackTrace();
        } catch (Throwable foreign) {
            frames = null;
        }
        return frames == null ? new StackTraceElement[0] : frames;
    }

    /** 16 hexadecimal digits (FNV-1a, 64 bits) over the type and the top frames' classes and methods. */
    static String fingerprint(Throwable thrown) {
        long hash = fnv(0xcbf29ce484222325L, thrown.getClass().getName());
        int counted = 0;
        for (StackTraceElement frame : framesOf(thrown)) {
            if (counted < FRAMES_OF_FINGERPRINT && !isReflection(frame.getClassName())) {
                hash = fnv(fnv(hash, stableName(frame.getClassName())), frame.getMethodName());
                counted++;
            }
        }
        return String.format("%016x", hash);
    }

    /** How a method is called by reflection changes with the number of calls and with the JDK. */
    private static boolean isReflection(String className) {
        return className.startsWith("jdk.internal.reflect.")
                || className.startsWith("java.lang.reflect.")
                || className.startsWith("java.lang.invoke.");
    }

    /** Without what generated classes carry after their name, which differs from start to start. */
    private static String stableName(String className) {
        int generated = className.indexOf("$$");
        return generated < 0 ? className : className.substring(0, generated);
    }

    private static long fnv(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash * 31;
    }
}

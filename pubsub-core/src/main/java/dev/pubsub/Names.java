package dev.pubsub;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The syntax of subscription ids, topics and patterns, and the characters of other text. A problem is described by
 * position and character code, so that what is wrong with a name can be said without repeating what somebody put into
 * it.
 */
public final class Names {

    /** The longest topic or pattern, in characters. */
    public static final int MAX_TOPIC_LENGTH = 249;

    /** As a last segment reserved for dead letters. */
    public static final String DEAD_LETTER_SEGMENT = "dlt";

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private Names() {}

    /** Says what is wrong with a topic, in words that do not repeat it; null if nothing is. */
    public static @Nullable String topicProblem(String topic) {
        return problem(topic, false);
    }

    /** Says what is wrong with a pattern, in words that do not repeat it; null if nothing is. */
    public static @Nullable String patternProblem(String pattern) {
        return problem(pattern, true);
    }

    /** Whether a valid pattern matches a valid topic: {@code *} one segment, a last {@code **} zero or more. */
    public static boolean matches(String pattern, String topic) {
        String[] wanted = pattern.split("\\.", -1);
        String[] given = topic.split("\\.", -1);
        boolean rest = wanted[wanted.length - 1].equals("**");
        int fixed = rest ? wanted.length - 1 : wanted.length;
        if (rest ? given.length < fixed : given.length != fixed) {
            return false;
        }
        for (int i = 0; i < fixed; i++) {
            if (!wanted[i].equals("*") && !wanted[i].equals(given[i])) {
                return false;
            }
        }
        return true;
    }

    /** Says which character of a key, header value or message id is not allowed; null if none is. */
    public static @Nullable String textProblem(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                return String.format("a control character at position %d (U+%04X); use printable ones", i, (int) c);
            }
            if (Character.isSurrogate(c)) {
                boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
                if (!pair) {
                    return "half a surrogate pair at position " + i + "; it is no valid text";
                }
                i++;
            }
        }
        return null;
    }

    /** Whether this is a subscription id. */
    public static boolean isSubscriptionId(@Nullable String id) {
        return id != null && ID.matcher(id).matches();
    }

    static String requireSubscriptionId(String id) {
        Objects.requireNonNull(id, "id");
        if (!isSubscriptionId(id)) {
            throw new IllegalArgumentException("The subscription id (" + id.length()
                    + " characters) is not valid: it must be 1 to 100 of A-Z a-z 0-9 . _ -"
                    + " and begin with a letter or digit");
        }
        return id;
    }

    static List<String> requirePatterns(String id, List<String> patterns) {
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("Subscription '" + id + "' has no topic; name at least one");
        }
        for (int i = 0; i < patterns.size(); i++) {
            String problem = patternProblem(patterns.get(i));
            if (problem != null) {
                throw new IllegalArgumentException(
                        "Subscription '" + id + "', topic pattern " + (i + 1) + ": " + problem);
            }
        }
        return List.copyOf(new LinkedHashSet<>(patterns));
    }

    private static @Nullable String problem(String name, boolean pattern) {
        int length = name.length();
        if (length == 0) {
            return "it is empty; use segments of A-Z a-z 0-9 _ - separated by dots";
        }
        if (length > MAX_TOPIC_LENGTH) {
            return "it has " + length + " characters; at most " + MAX_TOPIC_LENGTH + " are allowed";
        }
        int start = 0;
        for (int i = 0; i <= length; i++) {
            if (i == length || name.charAt(i) == '.') {
                String problem = segmentProblem(name, start, i, pattern);
                if (problem != null) {
                    return problem;
                }
                start = i + 1;
            }
        }
        return null;
    }

    private static @Nullable String segmentProblem(String name, int start, int end, boolean pattern) {
        if (start == end) {
            return "the segment at position " + start + " is empty; write segments separated by single dots";
        }
        boolean last = end == name.length();
        if (pattern && name.startsWith("*", start)) {
            if (end == start + 1 || (end == start + 2 && name.charAt(start + 1) == '*' && last)) {
                return null;
            }
            return "the wildcard at position " + start
                    + " is misplaced; * stands for a whole segment, and ** for the last segments";
        }
        for (int i = start; i < end; i++) {
            if (!isSegmentCharacter(name.charAt(i))) {
                return String.format(
                        "the character at position %d (U+%04X) is not allowed; use A-Z a-z 0-9 _ - in segments%s",
                        i, (int) name.charAt(i), pattern ? ", or * and ** as whole segments" : "");
            }
        }
        if (last && end - start == DEAD_LETTER_SEGMENT.length() && name.startsWith(DEAD_LETTER_SEGMENT, start)) {
            return "its last segment is \"dlt\", which is reserved for dead letters";
        }
        return null;
    }

    private static boolean isSegmentCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }
}

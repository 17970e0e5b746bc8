package dev.pubsub.spring.actuate;

/** Text of others, made safe to show: cut short, without control characters. */
final class Texts {

    private Texts() {}

    static String capped(String text, int limit) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), limit) + 1);
        for (int i = 0; i < text.length() && i < limit; i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) ? ' ' : c);
        }
        if (text.length() > limit) {
            safe.append('…');
        }
        return safe.toString();
    }
}

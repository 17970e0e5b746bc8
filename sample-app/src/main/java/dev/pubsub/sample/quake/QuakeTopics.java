package dev.pubsub.sample.quake;

import java.util.Locale;

/** Names the topic of an event: {@code quakes.<net>.<type>}, both in kebab case. */
public final class QuakeTopics {

    private QuakeTopics() {}

    public static String topicOf(Quake quake) {
        return "quakes." + kebab(quake.net()) + "." + kebab(quake.type());
    }

    /** Letters and digits, words joined by single hyphens; empty if there are none. */
    public static String kebab(String words) {
        return words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}

package dev.pubsub.benchmarks.growth;

import dev.pubsub.Execution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is asked, and how the answer is shown. */
enum Question {
    SUBSCRIPTIONS("Subscriptions", "subscriptions", "bytes each", true),
    TOPICS("Distinct topics", "topics", "ns a publish", false),
    PATTERNS("Patterns", "patterns", "ns a publish", false),
    KEYS("Keys", "keys", "bytes a message", false),
    CONCURRENCY("Concurrency", "concurrency", "messages/s", true),
    PARKED("Parked retries", "messages", "", false),
    FEATURES("What each protection costs", "a message with", "", false);

    /** Parts that need a later JVM than the others. */
    static final String LATER = "LATER_";

    private final String title;
    private final String row;
    private final String plotted;
    private final boolean logarithmic;

    Question(String title, String row, String plotted, boolean logarithmic) {
        this.title = title;
        this.row = row;
        this.plotted = plotted;
        this.logarithmic = logarithmic;
    }

    String title() {
        return title;
    }

    /** What the first column counts. */
    String row() {
        return row;
    }

    /** How the columns begin that are plotted, which is what the axis says; empty: no plot. */
    String plotted() {
        return plotted;
    }

    boolean isLogarithmic() {
        return logarithmic;
    }

    String file() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * How often it is asked, of which the medians count: where it is time that is compared, no single JVM may decide.
     */
    int rounds() {
        return switch (this) {
            case TOPICS, PATTERNS, KEYS, FEATURES -> 3;
            case SUBSCRIPTIONS, CONCURRENCY, PARKED -> 1;
        };
    }

    /** The parts of it that have a JVM of their own each. */
    List<String> parts() {
        List<String> parts = new ArrayList<>();
        switch (this) {
            case FEATURES -> {
                for (FeatureCost.Variant variant : FeatureCost.Variant.values()) {
                    parts.add(variant.name());
                }
            }
            case CONCURRENCY -> {
                parts.add(Execution.PLATFORM.name());
                parts.add(LATER + Execution.PLATFORM.name());
                parts.add(LATER + Execution.VIRTUAL.name());
            }
            default -> parts.add("");
        }
        return parts;
    }

    /** The measurement of a part. */
    Measurement measurement(String part) {
        return switch (this) {
            case FEATURES -> new FeatureCost(FeatureCost.Variant.valueOf(part));
            case CONCURRENCY -> new ConcurrencyGrowth(Execution.valueOf(part.replace(LATER, "")));
            case SUBSCRIPTIONS -> new SubscriptionGrowth();
            case TOPICS -> new TopicGrowth();
            case PATTERNS -> new PatternGrowth();
            case KEYS -> new KeyGrowth();
            case PARKED -> new ParkedRetries();
        };
    }
}

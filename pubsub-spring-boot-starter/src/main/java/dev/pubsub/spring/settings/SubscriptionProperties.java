package dev.pubsub.spring.settings;

import dev.pubsub.Ordering;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Settings of one subscription. What is left out comes from its annotation, then from pubsub.subscriber. */
public class SubscriptionProperties extends SubscriberProperties {

    /** Whether there is this subscription at all. */
    private boolean enabled = true;

    /** Topics or patterns that replace those of the annotation. */
    private List<String> topics = new ArrayList<>();

    /** Consumer group on a broker. Default is the id. */
    private @Nullable String group;

    /** What is handled one at a time. */
    private Ordering ordering = Ordering.NONE;

    /** Which messages are taken at all, as a SpEL expression over message, payload, headers and parameter names. */
    private @Nullable String condition;

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    public List<String> getTopics() {
        return topics;
    }

    public void setTopics(List<String> topics) {
        this.topics = topics;
    }

    public @Nullable String getGroup() {
        return group;
    }

    public void setGroup(@Nullable String group) {
        this.group = group;
    }

    public Ordering getOrdering() {
        return ordering;
    }

    public void setOrdering(Ordering ordering) {
        this.ordering = ordering;
    }

    public @Nullable String getCondition() {
        return condition;
    }

    public void setCondition(@Nullable String condition) {
        this.condition = condition;
    }
}

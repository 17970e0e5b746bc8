package dev.pubsub.spring.actuate;

import java.util.HashSet;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Who sees the keys of messages. */
@ConfigurationProperties("management.endpoint.pubsubmessages")
public class MessagesEndpointProperties {

    /** When to show the keys of messages. */
    private Show showValues = Show.NEVER;

    /** Roles of those to whom keys are shown. Empty means all who are authenticated. */
    private final Set<String> roles = new HashSet<>();

    public Show getShowValues() {
        return showValues;
    }

    public void setShowValues(Show showValues) {
        this.showValues = showValues;
    }

    public Set<String> getRoles() {
        return roles;
    }
}

package dev.pubsub.spring.actuate;

import java.util.HashSet;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** Who sees what messages and exceptions say. */
@ConfigurationProperties("management.endpoint.pubsubdeadletters")
public class DeadLettersEndpointProperties {

    /** When to show payloads, keys, header values and exception messages. */
    private Show showValues = Show.NEVER;

    /** Roles of those to whom values are shown. Empty means all who are authenticated. */
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

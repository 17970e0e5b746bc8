package dev.pubsub.sample.usgs;

import java.util.List;

/** A feature from which no event can be made, with everything that is wrong with it. */
public final class InvalidFeatureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    InvalidFeatureException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}

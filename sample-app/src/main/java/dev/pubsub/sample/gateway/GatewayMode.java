package dev.pubsub.sample.gateway;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the gateway behaves. */
public enum GatewayMode {
    /** Accepts each text at once. */
    @JsonProperty("up")
    UP,
    /** Refuses each at once, with 503. */
    @JsonProperty("down")
    DOWN,
    /** Accepts each, but takes its time. */
    @JsonProperty("slow")
    SLOW,
    /** Gives no answer. */
    @JsonProperty("hang")
    HANG,
    /** Refuses every other call, with 503. */
    @JsonProperty("flaky")
    FLAKY
}

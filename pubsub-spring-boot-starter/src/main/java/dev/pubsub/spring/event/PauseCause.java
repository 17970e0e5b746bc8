package dev.pubsub.spring.event;

/**
 * Why a subscription makes no attempt. The causes are separate: several may hold at once, each is lifted on its own.
 */
public enum PauseCause {
    /** Somebody paused it. */
    MANUAL("manual"),
    /** Its circuit breaker has tripped. Lifted once the breaker is closed, not while it is half-open. */
    CIRCUIT_BREAKER("circuit-breaker"),
    /** Too many of its handlers run on after their deadlines. */
    QUARANTINE("quarantine");

    private final String pausedBy;

    PauseCause(String pausedBy) {
        this.pausedBy = pausedBy;
    }

    /** As the endpoint calls it in {@code pausedBy}. */
    public String pausedBy() {
        return pausedBy;
    }
}

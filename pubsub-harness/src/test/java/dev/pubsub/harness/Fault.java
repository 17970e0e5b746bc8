package dev.pubsub.harness;

/**
 * What the driver did to a process, from {@code start} until it was over (restarted and up, or resumed), by the clock
 * of the histories. {@code inFlight} is how many handlers and publishes were under way there when it landed.
 */
record Fault(Kind kind, String process, long start, long end, int inFlight) {

    enum Kind {
        KILL_APP,
        KILL_BROKER,
        STOP_APP,
        LEAVE_AND_JOIN;

        boolean kills() {
            return this == KILL_APP || this == KILL_BROKER;
        }
    }
}

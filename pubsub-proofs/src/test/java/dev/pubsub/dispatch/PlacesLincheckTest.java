package dev.pubsub.dispatch;

import dev.pubsub.proofs.Lincheck;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The places of a subscription against plain counts, with three threads.
 *
 * <p>Design: who gives a place back must hold one. So some are held at the beginning, and what gives them back, settled
 * or taken back, is one thread's at a time, as under the subscription's lock; all else is anybody's.
 */
public class PlacesLincheckTest {

    private static final int LIMIT = 3;
    private static final int HELD = 2;

    private final Ledger ledger = new Ledger();
    private final Places places = new Places(LIMIT, ledger);
    private int held = HELD;

    public PlacesLincheckTest() {
        for (int i = 0; i < HELD; i++) {
            places.tryReserve();
        }
    }

    @Operation
    public String reserve() {
        return places.tryReserve().name();
    }

    @Operation
    public boolean passBy() {
        return places.acceptBeyondLimit();
    }

    @Operation(nonParallelGroup = "holder")
    public boolean settle() {
        if (held == 0) {
            return false;
        }
        held--;
        ledger.release(1);
        return true;
    }

    @Operation(nonParallelGroup = "holder")
    public boolean takeBack() {
        if (held == 0) {
            return false;
        }
        held--;
        places.cancelReservation();
        return true;
    }

    @Operation
    public void close() {
        places.close();
    }

    @Operation
    public void stop() {
        places.stop();
    }

    @Operation
    public void open() {
        places.open();
    }

    @Operation
    public long accepted() {
        return places.accepted();
    }

    @Operation
    public boolean isTaking() {
        return places.isTaking();
    }

    @Test
    void everyInterleavingIsASequence() {
        Lincheck.check(getClass(), Sequential.class);
    }

    /** What places are. */
    public static class Sequential {
        private int held = HELD;
        private long accepted = HELD;
        private long released;
        private boolean closed;
        private boolean stopped;

        public String reserve() {
            if (closed || stopped) {
                return "NOT_TAKING";
            }
            if (accepted - released >= LIMIT) {
                return "FULL";
            }
            accepted++;
            return "RESERVED";
        }

        public boolean passBy() {
            boolean takes = isTaking();
            accepted += takes ? 1 : 0;
            return takes;
        }

        public boolean settle() {
            boolean holds = held > 0;
            held -= holds ? 1 : 0;
            released += holds ? 1 : 0;
            return holds;
        }

        public boolean takeBack() {
            boolean holds = held > 0;
            held -= holds ? 1 : 0;
            accepted -= holds ? 1 : 0;
            return holds;
        }

        public void close() {
            closed = true;
        }

        public void stop() {
            stopped = true;
        }

        public void open() {
            stopped = false;
        }

        public long accepted() {
            return accepted;
        }

        public boolean isTaking() {
            return !closed && !stopped;
        }
    }
}

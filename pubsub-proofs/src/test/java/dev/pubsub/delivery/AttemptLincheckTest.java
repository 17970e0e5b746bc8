package dev.pubsub.delivery;

import static dev.pubsub.delivery.Attempt.CANCELLED;
import static dev.pubsub.delivery.Attempt.CANCELLING;
import static dev.pubsub.delivery.Attempt.ENDED;
import static dev.pubsub.delivery.Attempt.TIMED_OUT;
import static dev.pubsub.delivery.ProvenAttempt.DUE;

import dev.pubsub.proofs.Lincheck;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * The word of an attempt against the plain state machine that it stands for, with three threads.
 *
 * <p>Design: worker, handler, watchdog and shutdown call what they call, in every order; each call must answer as if
 * all had been made one after another. The worker ends an attempt once, so its end is not run in parallel with itself.
 */
public class AttemptLincheckTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final ProvenAttempt attempt = new ProvenAttempt();

    public AttemptLincheckTest() {
        attempt.begin(DUE);
    }

    @Operation(nonParallelGroup = "worker")
    public long end() {
        return attempt.end();
    }

    @Operation
    public boolean extend() {
        return attempt.extend(HOUR);
    }

    @Operation
    public boolean expireIfDue() {
        return attempt.expireIfDue();
    }

    @Operation
    public boolean requestCancel() {
        return attempt.requestCancel();
    }

    @Operation
    public boolean cancelNow() {
        return attempt.cancelNow();
    }

    @Test
    void everyInterleavingIsASequence() {
        Lincheck.check(getClass(), Sequential.class);
    }

    /** What an attempt is. */
    public static class Sequential {
        private long word = DUE;

        public long end() {
            if (word > 0 || word == CANCELLING) {
                long answer = word > 0 ? ENDED : CANCELLING;
                word = ENDED;
                return answer;
            }
            return word;
        }

        public boolean extend() {
            boolean runs = word > 0;
            word = runs ? DUE + 1 : word;
            return runs;
        }

        public boolean expireIfDue() {
            boolean due = word == DUE;
            word = due ? TIMED_OUT : word;
            return due;
        }

        public boolean requestCancel() {
            boolean runs = word > 0;
            word = runs ? CANCELLING : word;
            return runs;
        }

        public boolean cancelNow() {
            boolean asked = word == CANCELLING;
            word = asked ? CANCELLED : word;
            return asked;
        }
    }
}

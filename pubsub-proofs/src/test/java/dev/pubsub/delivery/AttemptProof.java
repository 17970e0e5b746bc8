package dev.pubsub.delivery;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JZJ_Result;
import org.openjdk.jcstress.infra.results.JZZ_Result;
import org.openjdk.jcstress.infra.results.ZZJ_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * Who ends an attempt: the handshake over {@link Attempt}'s one word.
 *
 * <p>Design: an attempt that runs and whose deadline has just passed; each actor is one of those who may end or move
 * it, as production code calls it. Whoever is told that it won settles the copy, so of those who end it exactly one may
 * be told so, and the mark that stands at the end must be the winner's. Two actors each, so that two cores are enough;
 * {@code AttemptLincheckTest} has three.
 */
public final class AttemptProof {

    private static final Duration HOUR = Duration.ofHours(1);

    private AttemptProof() {}

    /** An attempt whose deadline has passed. */
    public static class Due {
        final ProvenAttempt attempt = new ProvenAttempt();

        Due() {
            attempt.begin(ProvenAttempt.DUE);
        }
    }

    /** The worker's end and the watchdog. */
    @JCStressTest
    @State
    @Outcome(id = "-5, false, -5", expect = ACCEPTABLE, desc = "the worker ended it")
    @Outcome(id = "-6, true, -6", expect = ACCEPTABLE, desc = "the watchdog ended it, and the worker knows")
    @Outcome(expect = FORBIDDEN, desc = "ended by both, by neither, or the mark is not the winner's")
    public static class WorkerAgainstWatchdog extends Due {

        @Actor
        public void worker(JZJ_Result r) {
            r.r1 = attempt.end();
        }

        @Actor
        public void watchdog(JZJ_Result r) {
            r.r2 = attempt.expireIfDue();
        }

        @Arbiter
        public void mark(JZJ_Result r) {
            r.r3 = attempt.word();
        }
    }

    /** A promise that the handler was given, and the watchdog. */
    @JCStressTest
    @State
    @Outcome(id = "true, false, 3600000000001", expect = ACCEPTABLE, desc = "extended, and alive")
    @Outcome(id = "false, true, -6", expect = ACCEPTABLE, desc = "timed out, and the handler was told")
    @Outcome(expect = FORBIDDEN, desc = "extended and ended, or neither")
    public static class ExtensionAgainstWatchdog extends Due {

        @Actor
        public void handler(ZZJ_Result r) {
            r.r1 = attempt.extend(HOUR);
        }

        @Actor
        public void watchdog(ZZJ_Result r) {
            r.r2 = attempt.expireIfDue();
        }

        @Arbiter
        public void mark(ZZJ_Result r) {
            r.r3 = attempt.word();
        }
    }

    /** A {@code Delivery} may be extended by any thread, also while its handler ends. */
    @JCStressTest
    @State
    @Outcome(id = "-5, false, -5", expect = ACCEPTABLE, desc = "ended first, and the helper was told")
    @Outcome(id = "-5, true, -5", expect = ACCEPTABLE, desc = "extended, then ended")
    @Outcome(expect = FORBIDDEN, desc = "an extension has revived what was ended")
    public static class WorkerAgainstExtension extends Due {

        @Actor
        public void worker(JZJ_Result r) {
            r.r1 = attempt.end();
        }

        @Actor
        public void helper(JZJ_Result r) {
            r.r2 = attempt.extend(HOUR);
        }

        @Arbiter
        public void mark(JZJ_Result r) {
            r.r3 = attempt.word();
        }
    }

    /** A handler that extends and then ends, at its deadline. */
    @JCStressTest
    @State
    @Outcome(id = "true, true, false", expect = ACCEPTABLE, desc = "extended, then ended by the worker")
    @Outcome(id = "false, false, true", expect = ACCEPTABLE, desc = "timed out, and the handler and the worker know")
    @Outcome(expect = FORBIDDEN, desc = "ended twice or never, or a granted extension was not kept")
    public static class WorkerThatExtendsAgainstWatchdog extends Due {

        @Actor
        public void worker(ZZZ_Result r) {
            r.r1 = attempt.extend(HOUR);
            r.r2 = attempt.end() == Attempt.ENDED;
        }

        @Actor
        public void watchdog(ZZZ_Result r) {
            r.r3 = attempt.expireIfDue();
        }
    }

    /** A shutdown asks while the deadline passes: one of them interrupts, and the worker learns from whom. */
    @JCStressTest
    @State
    @Outcome(id = "-7, true, false", expect = ACCEPTABLE, desc = "asked to end, and ended by the worker, who knows")
    @Outcome(id = "-6, false, true", expect = ACCEPTABLE, desc = "timed out, and the worker knows")
    @Outcome(expect = FORBIDDEN, desc = "ended twice or never, or interrupted without the worker's knowing")
    public static class ShutdownAgainstWatchdog extends Due {

        @Actor
        public void shutdown(JZZ_Result r) {
            r.r2 = attempt.requestCancel();
        }

        @Actor
        public void watchdog(JZZ_Result r) {
            r.r3 = attempt.expireIfDue();
        }

        @Arbiter
        public void worker(JZZ_Result r) {
            r.r1 = attempt.end();
        }
    }

    /** A shutdown asks, and then the watchdog looks, while the handler ends. */
    @JCStressTest
    @State
    @Outcome(id = "-5, false, false", expect = ACCEPTABLE, desc = "the worker ended it, unasked")
    @Outcome(id = "-7, true, false", expect = ACCEPTABLE, desc = "asked to end, and ended by the worker, who knows")
    @Outcome(expect = FORBIDDEN, desc = "ended twice or never, or interrupted without the worker's knowing")
    public static class WorkerAgainstShutdownAndWatchdog extends Due {

        @Actor
        public void worker(JZZ_Result r) {
            r.r1 = attempt.end();
        }

        @Actor
        public void shutdownThenWatchdog(JZZ_Result r) {
            r.r2 = attempt.requestCancel();
            r.r3 = attempt.expireIfDue();
        }
    }

    /** A shutdown asks, and takes the attempt away, while the handler ends. */
    @JCStressTest
    @State
    @Outcome(id = "-5, false, false", expect = ACCEPTABLE, desc = "the worker ended it, unasked")
    @Outcome(id = "-7, true, false", expect = ACCEPTABLE, desc = "asked to end, and ended by the worker, who knows")
    @Outcome(id = "-8, true, true", expect = ACCEPTABLE, desc = "the shutdown ended it, and the worker knows")
    @Outcome(expect = FORBIDDEN, desc = "ended twice or never, or interrupted without the worker's knowing")
    public static class WorkerAgainstShutdown extends Due {

        @Actor
        public void worker(JZZ_Result r) {
            r.r1 = attempt.end();
        }

        @Actor
        public void shutdown(JZZ_Result r) {
            r.r2 = attempt.requestCancel();
            r.r3 = attempt.cancelNow();
        }
    }
}

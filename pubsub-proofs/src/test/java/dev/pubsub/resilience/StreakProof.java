package dev.pubsub.resilience;

import static io.github.resilience4j.circuitbreaker.CircuitBreaker.State.OPEN;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.pubsub.dispatch.ProvenSubscription;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A breaker that is spared news is never left untold: neither does a failure stay in the window because no success is
 * reported any more, nor is an open breaker passed by.
 *
 * <p>Design: the real breaker of two workers, with a window of two calls, so that a streak is there after two
 * successes. What is spared is decided by the streak, what is right can be read from Resilience4j's instance; the
 * arbiter, after both workers, compares the two.
 */
public final class StreakProof {

    private static final IllegalStateException FAILURE = new IllegalStateException("fails");
    private static final CircuitBreakerConfig TRIPS_AT_ONE = tripsAt(50);
    private static final CircuitBreakerConfig TRIPS_AT_TWO = tripsAt(100);

    private StreakProof() {}

    private static CircuitBreakerConfig tripsAt(int percent) {
        return CircuitBreakerConfig.custom()
                .slidingWindow(2, 2, SlidingWindowType.COUNT_BASED, SlidingWindowSynchronizationStrategy.SYNCHRONIZED)
                .failureRateThreshold(percent)
                .build();
    }

    /** A breaker of the engine's own, and what {@link Breaker} does with it. */
    public static class Watched {
        private final SharedBreaker breaker;

        Watched(CircuitBreakerConfig config) {
            breaker = new SharedBreaker(CircuitBreaker.of("s", config), ProvenSubscription.TIME, true);
        }

        final void succeed() {
            int permit = breaker.acquire();
            if (permit != Breaker.DENIED && !breaker.isNoNews(permit, 1) && breaker.isReportable(permit)) {
                breaker.success(permit, 1);
            }
        }

        final void fail() {
            int permit = breaker.acquire();
            if (permit != Breaker.DENIED && breaker.isReportable(permit)) {
                breaker.error(1, FAILURE);
            }
        }

        final int failuresInWindow() {
            return breaker.instance().getMetrics().getNumberOfFailedCalls();
        }

        /** 1 where a fast success would be spared. */
        final int spares() {
            return breaker.isNoNews(Breaker.NO_PROBE, 1) ? 1 : 0;
        }

        final int isOpen() {
            return breaker.instance().getState() == OPEN ? 1 : 0;
        }

        final int denies() {
            return breaker.acquire() == Breaker.DENIED ? 1 : 0;
        }
    }

    /** The streak alone, beside a window that costs next to nothing, so that the two come closest to each other. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the failure is in the window, and successes are reported")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "pushed out; one success did not count, to be sure")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "pushed out by two successes, which are a streak")
    @Outcome(expect = FORBIDDEN, desc = "the failure stays in a window that nobody reports to")
    public static class FailureAgainstStreak {
        private final Streak streak = Streak.of(TRIPS_AT_TWO);
        private final AtomicInteger window = new AtomicInteger(); // of the last two calls, a bit for each that failed

        public FailureAgainstStreak() {
            succeed();
            succeed();
        }

        private void report(int failed) {
            window.getAndUpdate(calls -> (calls << 1 | failed) & 3);
        }

        private void succeed() {
            if (!streak.fillsWindow()) {
                long before = streak.before();
                report(0);
                streak.count(before);
            }
        }

        @Actor
        public void worker() {
            succeed();
            succeed();
        }

        @Actor
        public void workerThatFails() {
            streak.end();
            report(1);
            streak.end();
        }

        @Arbiter
        public void afterwards(II_Result r) {
            r.r1 = Integer.bitCount(window.get());
            r.r2 = streak.fillsWindow() ? 1 : 0;
        }
    }

    /** A window full of successes; one worker fails, the other goes on succeeding. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the failure is in the window, and successes are reported")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "pushed out; one success did not count, to be sure")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "pushed out by two successes, which are a streak")
    @Outcome(expect = FORBIDDEN, desc = "the failure never came, or stays in a window that nobody reports to")
    public static class FailureAgainstSuccesses extends Watched {

        public FailureAgainstSuccesses() {
            super(TRIPS_AT_TWO);
            succeed();
            succeed();
        }

        @Actor
        public void worker() {
            succeed();
            succeed();
        }

        @Actor
        public void workerThatFails() {
            fail();
        }

        @Arbiter
        public void afterwards(II_Result r) {
            r.r1 = failuresInWindow();
            r.r2 = spares();
        }
    }

    /** The same with a breaker that trips at that failure, whatever comes before and after it. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "tripped, and asked before the next attempt")
    @Outcome(expect = FORBIDDEN, desc = "the failure never came, or an open breaker is passed by")
    public static class FailureThatTripsAgainstSuccesses extends Watched {

        public FailureThatTripsAgainstSuccesses() {
            super(TRIPS_AT_ONE);
            succeed();
            succeed();
        }

        @Actor
        public void worker() {
            succeed();
            succeed();
        }

        @Actor
        public void workerThatFails() {
            fail();
        }

        @Arbiter
        public void afterwards(II_Result r) {
            r.r1 = isOpen();
            r.r2 = denies();
        }
    }

    /** After a failure the second call, a success, trips the breaker; meanwhile the other worker goes on succeeding. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "tripped, and asked before the next attempt")
    @Outcome(expect = FORBIDDEN, desc = "an open breaker is passed by")
    public static class SuccessThatTripsAgainstSuccesses extends Watched {

        public SuccessThatTripsAgainstSuccesses() {
            super(TRIPS_AT_ONE);
            fail();
        }

        @Actor
        public void worker() {
            succeed();
            succeed();
        }

        @Actor
        public void otherWorker() {
            succeed();
        }

        @Arbiter
        public void afterwards(II_Result r) {
            r.r1 = isOpen();
            r.r2 = denies();
        }
    }
}

package dev.pubsub.spi;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A striped count misses no increment that has returned.
 *
 * <p>Design: two threads, mostly of different stripes, raise the count and then read it. The increments of one stripe
 * against each other are {@code StripedCountTest}'s, which has the threads for it.
 */
public final class StripedCountProof {

    private StripedCountProof() {}

    /** Whoever comes second sees the first; once both have returned, everybody sees both. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 2, 2", "2, 1, 2", "2, 2, 2"},
            expect = ACCEPTABLE,
            desc = "one at least has seen both")
    @Outcome(expect = FORBIDDEN, desc = "an increment that had returned was missed, or lost")
    public static class TwoWhoCount {
        private final StripedCount count = new StripedCount();

        @Actor
        public void one(III_Result r) {
            count.increment();
            r.r1 = (int) count.sum();
        }

        @Actor
        public void other(III_Result r) {
            count.increment();
            r.r2 = (int) count.sum();
        }

        @Arbiter
        public void afterwards(III_Result r) {
            r.r3 = (int) count.sum();
        }
    }
}

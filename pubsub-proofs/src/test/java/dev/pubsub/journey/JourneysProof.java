package dev.pubsub.journey;

import static dev.pubsub.Outcome.COMPLETED;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.pubsub.Message;
import dev.pubsub.journey.Journey.CopyJourney;
import dev.pubsub.spi.EngineMetrics.AttemptResult;
import dev.pubsub.spi.TimeSource;
import java.util.List;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A journey is whole and of its own message, also where that is evicted while it is told of, and no more are kept than
 * there are places.
 *
 * <p>Design: a ring with one place, so that each new message evicts the one before, and two messages with a
 * subscription each, {@code a} and {@code b}, so that what was written into a foreign journey shows.
 */
public final class JourneysProof {

    private static final Message<?> A = Message.of("t", "payload of a");
    private static final Message<?> B = Message.of("t", "payload of b");

    private JourneysProof() {}

    /** What is told, and how it is read. */
    public static class OnePlace {
        final Journeys journeys = new Journeys(1, Journeys.ALL, TimeSource.system());

        final void accepted(Message<?> message) {
            journeys.accepted(message, List.of(subscriptionOf(message)), List.of());
        }

        final void attempted(Message<?> message) {
            journeys.attempted(message, subscriptionOf(message), 1, AttemptResult.SUCCESS, 7, null);
        }

        final void settled(Message<?> message) {
            journeys.settled(message, subscriptionOf(message), COMPLETED, null);
        }

        /** What is found of it: 0 nothing, 1 an empty journey, 2 accepted, 3 settled, 4 both, 9 anything else. */
        final int found(Message<?> message) {
            Optional<Journey> found = journeys.find(message.id());
            return found.isEmpty() ? 0 : found.get().messageId().equals(message.id()) ? read(found.get()) : 9;
        }

        /** The same of the latest journey, of whichever message. */
        final int latest() {
            List<Journey> latest = journeys.latest(2);
            return latest.isEmpty() ? 0 : latest.size() == 1 ? read(latest.get(0)) : 9;
        }

        private static int read(Journey journey) {
            boolean accepted = journey.acceptedAt() != null;
            if (journey.copies().isEmpty()) {
                return accepted ? 9 : 1;
            }
            CopyJourney copy = journey.copies().get(0);
            Message<?> message = journey.messageId().equals(A.id()) ? A : B;
            if (journey.copies().size() > 1 || !copy.subscriptionId().equals(subscriptionOf(message))) {
                return 9;
            }
            return switch (copy.state()) {
                case PENDING -> accepted ? 2 : 9;
                case COMPLETED -> accepted ? 4 : 3;
                default -> 9;
            };
        }

        private static String subscriptionOf(Message<?> message) {
            return message == A ? "a" : "b";
        }
    }

    /** Publisher and worker tell of a message that nothing is known of: neither takes back what the other said. */
    @JCStressTest
    @State
    @Outcome(id = "4, 1, 0", expect = ACCEPTABLE, desc = "all is there, once")
    @Outcome(expect = FORBIDDEN, desc = "something that was told is missing")
    public static class PublisherAndWorker extends OnePlace {

        @Actor
        public void publisher() {
            accepted(A);
        }

        @Actor
        public void worker() {
            attempted(A);
            settled(A);
        }

        @Arbiter
        public void afterwards(III_Result r) {
            r.r1 = found(A);
            for (CopyJourney copy : journeys.find(A.id()).map(Journey::copies).orElse(List.of())) {
                r.r2 += copy.attempts().size();
                r.r3 += copy.replays();
            }
        }
    }

    /** Two new messages: one evicts the other, from the ring and from what is found by id. */
    @JCStressTest
    @State
    @Outcome(
            id = {"2, 0, 2, 1", "0, 2, 2, 1"},
            expect = ACCEPTABLE,
            desc = "one is there, the same in both")
    @Outcome(expect = FORBIDDEN, desc = "more are kept than there are places, or none")
    public static class TwoForOnePlace extends OnePlace {

        @Actor
        public void publisher() {
            accepted(A);
        }

        @Actor
        public void otherPublisher() {
            accepted(B);
        }

        @Arbiter
        public void afterwards(IIII_Result r) {
            r.r1 = found(A);
            r.r2 = found(B);
            r.r3 = latest();
            r.r4 = journeys.known();
        }
    }

    /** A message is evicted by another while its settlement is told, which may begin a journey of its own. */
    @JCStressTest
    @State
    @Outcome(id = "0, 2, 2, 1", expect = ACCEPTABLE, desc = "told before it was evicted")
    @Outcome(id = "3, 0, 3, 1", expect = ACCEPTABLE, desc = "told after it, and evicting in its turn")
    @Outcome(expect = FORBIDDEN, desc = "a torn or a foreign journey, or too many")
    public static class EvictedWhileItIsToldOf extends OnePlace {

        public EvictedWhileItIsToldOf() {
            accepted(A);
        }

        @Actor
        public void worker() {
            settled(A);
        }

        @Actor
        public void publisher() {
            accepted(B);
        }

        @Arbiter
        public void afterwards(IIII_Result r) {
            r.r1 = found(A);
            r.r2 = found(B);
            r.r3 = latest();
            r.r4 = journeys.known();
        }
    }

    /** Somebody reads while the message read is told of, and evicted. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2", "2, 0", "2, 1", "2, 2"},
            expect = ACCEPTABLE,
            desc = "nothing, nothing yet, or all of it")
    @Outcome(expect = FORBIDDEN, desc = "a torn or a foreign journey")
    public static class ReaderAndPublisher extends OnePlace {

        @Actor
        public void publisher() {
            accepted(A);
            accepted(B);
        }

        @Actor
        public void reader(II_Result r) {
            r.r1 = found(A);
            r.r2 = latest();
        }
    }
}

package dev.pubsub.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.harness.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each verdict on histories written by hand: one that must be red, and its green neighbour. */
class CheckerTest {

    private static final int LAST = 3;

    private final List<Event> events = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>(List.of(fault(Fault.Kind.KILL_APP, "Z", 100, 101)));

    private static long s(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    private static Fault fault(Fault.Kind kind, String process, double start, double end) {
        return new Fault(kind, process, s(start), s(end), 1);
    }

    private void at(double seconds, String process, Kind kind, long number, int attempt) {
        events.add(new Event(s(seconds), process, kind, "p", number, "k", attempt));
    }

    private void published(double seconds, long number) {
        at(seconds, "P", Kind.OFFERED, number, 0);
        at(seconds + 0.01, "P", Kind.OK, number, 0);
    }

    private void handled(double begin, double end, String process, long number) {
        at(begin, process, Kind.BEGIN, number, 1);
        at(end, process, Kind.RETURNED, number, 1);
    }

    private List<Verdict.Kind> verdicts() {
        return new Checker(events, faults, LAST)
                .verdicts().stream().map(Verdict::kind).toList();
    }

    @Test
    void whatWasHandledInOrderIsGreen() {
        published(1, 1);
        published(2, 2);
        handled(3, 4, "A", 1);
        handled(4.1, 5, "A", 2);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void lostIfALaterOneOfItsKeyWasSettled() {
        published(1, 1);
        published(2, 2);
        handled(4.1, 5, "A", 2);
        assertThat(verdicts()).containsExactly(Verdict.Kind.LOST);
    }

    @Test
    void lostIfItsHandlerWasOnlyBegun() {
        published(1, 1);
        published(2, 2);
        at(3, "Z", Kind.BEGIN, 1, 1);
        handled(104, 105, "A", 2);
        assertThat(verdicts()).containsExactly(Verdict.Kind.LOST);
    }

    @Test
    void stuckIfNothingBehindItWasSettledEither() {
        published(1, 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.STUCK);
    }

    @Test
    void deadLettersAreNotLost() {
        published(1, 1);
        at(2, "A", Kind.BEGIN, 1, LAST);
        at(3, "A", Kind.THREW, 1, LAST);
        at(3.1, "A", Kind.DEAD, 1, 0);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void theLastFailureWithoutADeadLetterIsNotASettlement() {
        published(1, 1);
        at(2, "A", Kind.BEGIN, 1, LAST);
        at(3, "A", Kind.THREW, 1, LAST);
        assertThat(verdicts()).containsExactly(Verdict.Kind.STUCK);
    }

    @Test
    void anUnknownOutcomeMayBeEither() {
        at(1, "P", Kind.OFFERED, 1, 0);
        at(2, "P", Kind.UNKNOWN, 1, 0);
        assertThat(verdicts()).isEmpty();
        handled(3, 4, "A", 1);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void phantomIfNeverOffered() {
        handled(3, 4, "A", 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.PHANTOM);
    }

    @Test
    void duplicateWithoutAFault() {
        published(1, 1);
        handled(3, 4, "A", 1);
        handled(5, 6, "B", 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.DUPLICATE);
    }

    @Test
    void duplicateOfWhatEndedLongBeforeTheFault() {
        published(1, 1);
        handled(3, 4, "A", 1);
        handled(105, 106, "B", 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.DUPLICATE);
    }

    @Test
    void aDuplicateAcrossAFaultIsExplained() {
        published(1, 1);
        handled(98, 99, "A", 1);
        handled(105, 106, "B", 1);
        Checker checker = new Checker(events, faults, LAST);
        assertThat(checker.verdicts()).isEmpty();
        assertThat(checker.explainedDuplicates()).isEqualTo(1);
    }

    @Test
    void reorderedIfTheSecondBeganFirst() {
        published(1, 1);
        published(2, 2);
        handled(3, 4, "A", 2);
        handled(5, 6, "A", 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.REORDERED);
    }

    @Test
    void reorderedIfTheSecondPassedARetry() {
        published(1, 1);
        published(2, 2);
        at(3, "A", Kind.BEGIN, 1, 1);
        at(4, "A", Kind.THREW, 1, 1);
        handled(5, 6, "A", 2);
        at(7, "A", Kind.BEGIN, 1, 2);
        at(8, "A", Kind.RETURNED, 1, 2);
        assertThat(verdicts()).containsExactly(Verdict.Kind.REORDERED);
    }

    @Test
    void redeliveryOfBothInOrderIsNoReordering() {
        published(1, 1);
        published(2, 2);
        handled(97, 98, "Z", 1);
        handled(98, 99, "Z", 2);
        handled(102, 103, "A", 1);
        handled(103, 104, "A", 2);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void overlapOfTwoProcesses() {
        published(1, 1);
        handled(99, 103, "A", 1);
        handled(102, 104, "B", 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.OVERLAP);
    }

    @Test
    void whatWasKilledDoesNotOverlap() {
        published(1, 1);
        at(99, "Z", Kind.BEGIN, 1, 1);
        handled(102, 104, "B", 1);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void aStoppedProcessOverlapsUnavoidably() {
        published(1, 1);
        faults.add(fault(Fault.Kind.STOP_APP, "A", 50, 60));
        handled(49, 60.5, "A", 1);
        handled(55, 61, "B", 1);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void aProcessThatHadTimeToKnowMustNotOverlap() {
        published(1, 1);
        published(2, 2);
        faults.add(fault(Fault.Kind.STOP_APP, "A", 50, 60));
        handled(65, 67, "B", 1);
        at(66, "A", Kind.BEGIN, 1, 1);
        at(66.5, "A", Kind.THREW, 1, 1);
        handled(68, 69, "B", 2);
        assertThat(verdicts()).containsExactly(Verdict.Kind.OVERLAP);
    }

    @Test
    void voidWhereNoKillHitWork() {
        faults.clear();
        faults.add(new Fault(Fault.Kind.KILL_APP, "A", s(1), s(2), 0));
        faults.add(new Fault(Fault.Kind.STOP_APP, "A", s(1), s(2), 9));
        assertThat(verdicts()).containsExactly(Verdict.Kind.VOID);
    }
}

package dev.pubsub.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.harness.Event.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each verdict on histories written by hand: one that must be red, and its green neighbours. */
class CheckerTest {

    private final List<Event> events = new ArrayList<>();
    private final Set<String> buried = new HashSet<>();
    private final List<Fault> faults = new ArrayList<>(List.of(fault(Fault.Kind.KILL_APP, "Z", 100, 101)));

    private static long s(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    private static Fault fault(Fault.Kind kind, String process, double start, double end) {
        return new Fault(kind, process, s(start), s(end), 1);
    }

    /** Of the consumer; all is in partition 0. */
    private void consumer(double seconds, String process, Kind kind, long offset) {
        events.add(new Event(s(seconds), process, kind, null, 0, 0, offset));
    }

    private void at(double seconds, String process, Kind kind, long number, int attempt) {
        at(seconds, process, kind, "k", number, attempt);
    }

    private void at(double seconds, String process, Kind kind, String key, long number, int attempt) {
        boolean received = kind == Kind.RECEIVED;
        Work work = new Work("p", number, key, kind == Kind.DEAD ? "DOOMED" : "PLAIN");
        events.add(new Event(s(seconds), process, kind, work, attempt, received ? 0 : -1, received ? number : -1));
    }

    private void published(double seconds, long... numbers) {
        for (long number : numbers) {
            at(seconds, "P", Kind.OFFERED, number, 0);
            at(seconds + 0.01, "P", Kind.OK, number, 0);
        }
    }

    /** A process gets the partition, and these messages, whose numbers are their offsets. */
    private void received(double seconds, String process, long... numbers) {
        consumer(seconds, process, Kind.ASSIGNED, -1);
        for (long number : numbers) {
            at(seconds + 0.001, process, Kind.RECEIVED, number, 0);
        }
    }

    private void handled(double begin, double end, String process, long number) {
        at(begin, process, Kind.BEGIN, number, 1);
        at(end, process, Kind.RETURNED, number, 1);
    }

    private void released(double seconds, String process) {
        consumer(seconds, process, Kind.REVOKED, -1);
        consumer(seconds + 0.01, process, Kind.RELEASED, -1);
    }

    private void committed(double seconds, String process, long offset) {
        consumer(seconds, process, Kind.COMMITTING, offset);
        consumer(seconds + 0.001, process, Kind.COMMITTED, offset);
    }

    private Checker checker() {
        return new Checker(new Evidence(events, faults, buried));
    }

    private List<Verdict.Kind> verdicts() {
        return checker().verdicts().stream().map(Verdict::kind).toList();
    }

    private Map<Repeats.Reason, Integer> reasons() {
        Checker checker = checker();
        assertThat(checker.verdicts()).isEmpty();
        return checker.explainedRepeats();
    }

    // ---- LOST, STUCK, PHANTOM, VOID

    @Test
    void whatWasHandledInOrderIsGreen() {
        published(1, 0, 1);
        received(2, "A", 0, 1);
        handled(3, 4, "A", 0);
        handled(4.1, 5, "A", 1);
        committed(6, "A", 2);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void lostIfALaterOneOfItsKeyWasSettled() {
        published(1, 0);
        published(2, 1);
        received(3, "A", 0, 1);
        handled(4.1, 5, "A", 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.LOST);
    }

    @Test
    void lostIfItsHandlerWasOnlyBegun() {
        published(1, 0);
        published(2, 1);
        received(2.5, "Z", 0);
        at(3, "Z", Kind.BEGIN, 0, 1);
        received(103, "A", 1);
        handled(104, 105, "A", 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.LOST);
    }

    @Test
    void stuckIfNothingBehindItWasSettledEither() {
        published(1, 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.STUCK);
    }

    @Test
    void deadLettersAreNotLost() {
        published(1, 0);
        received(1.5, "A", 0);
        at(2, "A", Kind.BEGIN, 0, 3);
        at(3, "A", Kind.THREW, 0, 3);
        at(3.1, "A", Kind.DEAD, 0, 0);
        assertThat(verdicts()).isEmpty();
    }

    private void dead(double seconds, String process, long number) {
        events.add(new Event(s(seconds), process, Kind.DEAD, new Work("p", number, "k", "PLAIN"), 0, -1, -1));
    }

    /** As in a round whose class files were rewritten meanwhile: 97 % were dead letters, and it was green. */
    @Test
    void buriedIfItBecameADeadLetterThoughItsHandlerDidNotFail() {
        published(1, 0);
        received(1.5, "A", 0);
        at(2, "A", Kind.BEGIN, 0, 1);
        at(2.5, "A", Kind.THREW, 0, 1);
        dead(2.6, "A", 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.BURIED);
    }

    @Test
    void anAttemptPastItsDeadlineExplainsADeadLetter() {
        published(1, 0);
        received(1.5, "A", 0);
        at(2, "A", Kind.BEGIN, 0, 1);
        at(3.1, "A", Kind.THREW, 0, 1);
        dead(3.2, "A", 0);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void anAttemptThatStoodStillBeforeItsFirstLineExplainsADeadLetter() {
        published(1, 0);
        received(1.5, "A", 0);
        faults.add(fault(Fault.Kind.STOP_APP, "A", 2, 6));
        at(6.1, "A", Kind.BEGIN, 0, 1);
        at(6.2, "A", Kind.THREW, 0, 1);
        dead(6.3, "A", 0);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void aDeadLetterThatIsInItsTopicIsNotLostThoughItsProcessCouldNotTell() {
        published(1, 0);
        received(1.5, "Z", 0);
        at(99, "Z", Kind.BEGIN, 0, 3);
        at(99.9, "Z", Kind.THREW, 0, 3);
        assertThat(verdicts()).containsExactly(Verdict.Kind.STUCK);
        buried.add("p-0");
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void anUnknownOutcomeMayBeEither() {
        at(1, "P", Kind.OFFERED, 0, 0);
        at(2, "P", Kind.UNKNOWN, 0, 0);
        assertThat(verdicts()).isEmpty();
        received(2.5, "A", 0);
        handled(3, 4, "A", 0);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void phantomIfNeverOffered() {
        received(2, "A", 0);
        handled(3, 4, "A", 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.PHANTOM);
    }

    @Test
    void voidWhereNoKillHitWork() {
        faults.clear();
        faults.add(new Fault(Fault.Kind.KILL_APP, "A", s(1), s(2), 0));
        faults.add(new Fault(Fault.Kind.STOP_APP, "A", s(1), s(2), 9));
        assertThat(verdicts()).containsExactly(Verdict.Kind.VOID);
    }

    // ---- DUPLICATE

    @Test
    void duplicateInOneAssignment() {
        published(1, 0);
        received(2, "A", 0);
        handled(3, 3.5, "A", 0);
        handled(5, 6, "A", 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.DUPLICATE);
    }

    @Test
    void aHandlerThatReturnedPastItsDeadlineHadNotSucceeded() {
        published(1, 0);
        received(2, "A", 0);
        handled(3, 4.5, "A", 0);
        handled(5, 6, "A", 0);
        assertThat(reasons()).containsOnlyKeys(Repeats.Reason.PAST_ITS_DEADLINE);
    }

    @Test
    void duplicateIfReceivedBelowAnAcknowledgedCommit() {
        published(1, 0);
        received(2, "A", 0);
        handled(3, 4, "A", 0);
        committed(4.1, "A", 1);
        released(5, "A");
        received(6, "B", 0);
        handled(7, 8, "B", 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.DUPLICATE);
    }

    @Test
    void duplicateIfAnOrderlyRevocationDidNotCommitWhatWasDone() {
        published(1, 0);
        received(2, "A", 0);
        handled(3, 4, "A", 0);
        released(5, "A");
        received(6, "B", 0);
        handled(7, 8, "B", 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.DUPLICATE);
    }

    @Test
    void duplicateIfNotCommittedLongBeforeTheKill() {
        published(1, 0);
        received(2, "Z", 0);
        handled(3, 4, "Z", 0);
        received(102, "B", 0);
        handled(103, 104, "B", 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.DUPLICATE);
    }

    @Test
    void whatWasDoneBehindAnUnfinishedMessageIsDoneAgain() {
        published(1, 0);
        at(1, "P", Kind.OFFERED, "other", 1, 0);
        at(1.1, "P", Kind.OK, "other", 1, 0);
        received(2, "A", 0);
        at(2.1, "A", Kind.RECEIVED, "other", 1, 0);
        at(3, "A", Kind.BEGIN, 0, 1);
        at(3, "A", Kind.BEGIN, "other", 1, 1);
        at(3.2, "A", Kind.RETURNED, "other", 1, 1);
        at(5.5, "A", Kind.THREW, 0, 1);
        released(5, "A");
        received(6, "B", 0);
        at(6.1, "B", Kind.RECEIVED, "other", 1, 0);
        handled(7, 8, "B", 0);
        at(7, "B", Kind.BEGIN, "other", 1, 1);
        at(8, "B", Kind.RETURNED, "other", 1, 1);
        assertThat(reasons()).containsOnly(Map.entry(Repeats.Reason.BEHIND_A_GAP, 1));
    }

    @Test
    void aDeadLetterThatComesOnlyAfterTheLossLeavesAGap() {
        published(1, 0);
        at(1, "P", Kind.OFFERED, "other", 1, 0);
        at(1.1, "P", Kind.OK, "other", 1, 0);
        for (int owner = 0; owner < 2; owner++) {
            String process = owner == 0 ? "A" : "B";
            double from = 2 + 20 * owner;
            received(from, process, 0);
            at(from + 0.1, process, Kind.RECEIVED, "other", 1, 0);
            at(from + 1, process, Kind.BEGIN, 0, 3);
            at(from + 1, process, Kind.BEGIN, "other", 1, 1);
            at(from + 1.2, process, Kind.THREW, 0, 3);
            at(from + 1.2, process, Kind.RETURNED, "other", 1, 1);
            consumer(from + 15, process, Kind.LOST, -1);
            at(from + 15.1, process, Kind.DEAD, 0, 0);
        }
        received(42, "C", 0);
        at(42.1, "C", Kind.RECEIVED, "other", 1, 0);
        at(43, "C", Kind.BEGIN, "other", 1, 1);
        at(43.2, "C", Kind.RETURNED, "other", 1, 1);
        assertThat(reasons()).containsOnlyKeys(Repeats.Reason.BEHIND_A_GAP);
    }

    @Test
    void whatWasDoneJustBeforeAKillIsDoneAgain() {
        published(1, 0);
        received(2, "Z", 0);
        handled(98, 99, "Z", 0);
        received(102, "B", 0);
        handled(103, 104, "B", 0);
        assertThat(reasons()).containsOnly(Map.entry(Repeats.Reason.BEFORE_THE_COMMIT, 1));
    }

    @Test
    void whatWasCommittedWithoutAnAnswerIsDoneAgain() {
        published(1, 0);
        received(2, "A", 0);
        handled(3, 4, "A", 0);
        consumer(4.1, "A", Kind.COMMITTING, 1);
        consumer(4.2, "A", Kind.NOT_COMMITTED, 1);
        released(5, "A");
        received(6, "B", 0);
        handled(7, 8, "B", 0);
        assertThat(reasons()).containsOnly(Map.entry(Repeats.Reason.COMMIT_NOT_ACKNOWLEDGED, 1));
    }

    // ---- REORDERED

    @Test
    void reorderedIfTheSecondBeganFirst() {
        published(1, 0, 1);
        received(2, "A", 0, 1);
        handled(3, 4, "A", 1);
        handled(5, 6, "A", 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.REORDERED);
    }

    @Test
    void reorderedIfTheSecondPassedARetry() {
        published(1, 0, 1);
        received(2, "A", 0, 1);
        at(3, "A", Kind.BEGIN, 0, 1);
        at(4, "A", Kind.THREW, 0, 1);
        handled(5, 6, "A", 1);
        at(7, "A", Kind.BEGIN, 0, 2);
        at(8, "A", Kind.RETURNED, 0, 2);
        assertThat(verdicts()).containsExactly(Verdict.Kind.REORDERED);
    }

    @Test
    void redeliveryOfBothInOrderIsNoReordering() {
        published(1, 0, 1);
        received(2, "Z", 0, 1);
        handled(97, 98, "Z", 0);
        handled(98, 99, "Z", 1);
        received(101, "A", 0, 1);
        handled(102, 103, "A", 0);
        handled(103, 104, "A", 1);
        assertThat(verdicts()).isEmpty();
    }

    // ---- OVERLAP

    @Test
    void overlapIfThePartitionWasGivenUpWithAHandlerAtWork() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 1);
        released(4, "A");
        received(5, "B", 0);
        handled(6, 7, "B", 0);
        at(6.5, "A", Kind.THREW, 0, 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.OVERLAP);
    }

    @Test
    void whatWasKilledDoesNotOverlap() {
        published(1, 0);
        received(2, "Z", 0);
        at(99, "Z", Kind.BEGIN, 0, 1);
        received(101, "B", 0);
        handled(102, 104, "B", 0);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void whoeverWasTakenForDeadOverlapsUntilHeHearsOfIt() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 1);
        received(8, "B", 0);
        handled(9, 12, "B", 0);
        consumer(10, "A", Kind.LOST, -1);
        at(10.5, "A", Kind.THREW, 0, 1);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void overlapOfWhoeverHasHeardAndGoesOn() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 1);
        received(8, "B", 0);
        handled(9, 12, "B", 0);
        consumer(10, "A", Kind.LOST, -1);
        at(11.5, "A", Kind.THREW, 0, 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.OVERLAP);
    }

    /** Seed 814473: the process stood still while it waited for its handlers, and the group went on without it. */
    @Test
    void whoeverStoodStillWhileItGaveUpItsPartitionOverlapsUntilItHas() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 1);
        consumer(4, "A", Kind.REVOKED, -1);
        received(8, "B", 0);
        handled(9, 12, "B", 0);
        at(9.8, "A", Kind.THREW, 0, 1);
        consumer(10, "A", Kind.RELEASED, -1);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void overlapOfWhoeverStoodStillWhileItGaveUpAndGoesOnAfterIt() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 1);
        consumer(4, "A", Kind.REVOKED, -1);
        received(8, "B", 0);
        handled(9, 12, "B", 0);
        consumer(10, "A", Kind.RELEASED, -1);
        at(11.5, "A", Kind.THREW, 0, 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.OVERLAP);
    }

    @Test
    void whoeverHasHeardAndStandsStillOverlapsAsMuchLonger() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 1);
        received(8, "B", 0);
        handled(9, 15, "B", 0);
        consumer(10, "A", Kind.LOST, -1);
        faults.add(fault(Fault.Kind.STOP_APP, "A", 10.1, 14));
        at(14.5, "A", Kind.THREW, 0, 1);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void overlapOfTwoInOneProcess() {
        published(1, 0, 1);
        received(2, "A", 0, 1);
        handled(3, 5, "A", 0);
        handled(4, 6, "A", 1);
        assertThat(verdicts()).contains(Verdict.Kind.OVERLAP);
    }

    // ---- EARLY, LATE

    @Test
    void earlyIfCommittedBeforeItsHandlerReturned() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 1);
        committed(3.5, "A", 1);
        at(4, "A", Kind.RETURNED, 0, 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.EARLY);
    }

    @Test
    void earlyIfCommittedPastWhatNobodyReceived() {
        published(1, 1);
        received(2, "A", 1);
        handled(3, 4, "A", 1);
        committed(5, "A", 2);
        assertThat(verdicts()).containsExactly(Verdict.Kind.EARLY);
    }

    @Test
    void aDeadLetterMayBeToldOfRightAfterItsCommit() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 3);
        at(4, "A", Kind.THREW, 0, 3);
        committed(4.1, "A", 1);
        at(4.2, "A", Kind.DEAD, 0, 0);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void earlyIfADeadLetterWasKeptOnlyLongAfterItsCommit() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 3);
        at(4, "A", Kind.THREW, 0, 3);
        committed(4.1, "A", 1);
        at(5, "A", Kind.DEAD, 0, 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.EARLY);
    }

    @Test
    void aProcessThatStandsStillTellsOfItsDeadLetterAsMuchLater() {
        published(1, 0);
        received(2, "A", 0);
        at(3, "A", Kind.BEGIN, 0, 3);
        at(4, "A", Kind.THREW, 0, 3);
        committed(4.1, "A", 1);
        faults.add(fault(Fault.Kind.STOP_APP, "A", 4.2, 9));
        at(9.1, "A", Kind.DEAD, 0, 0);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void earlyIfItStoodStillOnlyBefore() {
        published(1, 0);
        received(2, "A", 0);
        faults.add(fault(Fault.Kind.STOP_APP, "A", 2.1, 3));
        at(3, "A", Kind.BEGIN, 0, 3);
        at(4, "A", Kind.THREW, 0, 3);
        committed(4.1, "A", 1);
        at(5, "A", Kind.DEAD, 0, 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.EARLY);
    }

    @Test
    void lateIfBegunAfterItsPartitionWasGivenUp() {
        published(1, 0);
        received(2, "A", 0);
        released(3, "A");
        handled(4, 5, "A", 0);
        assertThat(verdicts()).containsExactly(Verdict.Kind.LATE);
    }

    @Test
    void whoeverStandsStillBeforeItsHandlerBeginsBeginsAsMuchLater() {
        published(1, 0);
        received(2, "A", 0);
        released(3, "A");
        faults.add(fault(Fault.Kind.STOP_APP, "A", 2.9, 7.4));
        handled(7.5, 7.6, "A", 0);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void lateIfCommittedAfterItsPartitionWasLost() {
        published(1, 0);
        received(2, "A", 0);
        handled(3, 4, "A", 0);
        consumer(5, "A", Kind.LOST, -1);
        committed(6, "A", 1);
        assertThat(verdicts()).containsExactly(Verdict.Kind.LATE);
    }
}

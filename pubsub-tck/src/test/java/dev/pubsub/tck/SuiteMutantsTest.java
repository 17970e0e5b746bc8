package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/**
 * The suite finds what it is there to find: each fault of a transport makes the tests fail that are named here, by an
 * assertion, and leaves the control alone, so that the fault and not a dead transport was seen.
 */
class SuiteMutantsTest {

    private static final int AT_ONCE = 4;
    private static final String CONTROL = "Delivery#shouldCarryBytesIntact";

    private static final Map<LogFault, List<String>> FOUND_BY = new EnumMap<>(LogFault.class);

    static {
        found(
                LogFault.ACKNOWLEDGES_BEFORE_HANDLING,
                "Durability#shouldGiveTheNextProcessWhatWasInFlight",
                "Durability#shouldGiveTheNextProcessWhatWaitsForItsRetry",
                "Receivers#shouldAcknowledgeWhatWasSettledAndNothingElse");
        found(
                LogFault.COMMITS_THE_HIGHEST_OFFSET,
                "Durability#shouldGiveTheNextProcessWhatIsUnsettledBeforeWhatIsSettled",
                "Receivers#shouldNotAcknowledgeWhatIsUnsettledWithWhatIsSettledAfterIt");
        found(
                LogFault.LOSES_THE_KEY_ORDER,
                "Ordering#shouldKeepTheOrderOfEachOfManyKeys",
                "Ordering#shouldKeepTheOrderOfEachKeyOfWhatHasGatheredWhilePaused",
                "Ordering#shouldKeepTheOrderOfABatch");
        found(LogFault.TAKES_LATE_SETTLEMENTS, "Receivers#shouldTakeNoSettlementAfterRevocation");
        found(
                LogFault.DROPS_WITHOUT_CREDIT,
                "Receivers#shouldHaveNoMoreTakenThanThereIsCreditFor",
                "Receivers#shouldOfferAgainWhatFoundNoCredit",
                "Delivery#shouldKeepForAPausedSubscriptionWhatItGetsWhenItIsResumed");
        found(LogFault.SHARES_NOTHING, "Groups#shouldShareAGroupsMessagesBetweenProcesses");
        found(LogFault.FORGETS_WHAT_WAS_BEFORE, "Durability#shouldGiveALateSubscriberWhatWasPublishedBefore");
        found(
                LogFault.DROPS_HEADERS,
                "Delivery#shouldCarryTextKeyAndHeadersIntact",
                "Limits#shouldCarryAsManyHeadersOfTheLargestSizeAsAreAllowed");
        found(LogFault.KEEPS_WHAT_IS_FILTERED, "Receivers#shouldAcknowledgeWhatAConditionRefused");
        found(LogFault.DOES_NOT_QUIESCE, "Receivers#shouldOfferNothingOnceItIsQuietAndStillTakeSettlements");
        found(LogFault.MISSES_NEW_TOPICS, "Delivery#shouldGiveAPatternsSubscriptionTheTopicsThatComeLater");
        found(LogFault.HANDS_OVER_AT_ONCE, "Groups#shouldLoseNothingWhenAMemberComes");
        found(LogFault.ACKNOWLEDGES_WHILE_DOWN, "Brokers#shouldLoseNothingWhenTheBrokerIsRestartedAtAThirdAndAtAHalf");
    }

    private static void found(LogFault fault, String... tests) {
        FOUND_BY.put(fault, List.of(tests));
    }

    private static final Map<LogFault, Future<Map<String, TestExecutionResult>>> RUNS = new EnumMap<>(LogFault.class);
    private static ExecutorService pool;

    /** Together, since most of the time they wait. */
    @BeforeAll
    static void begin() {
        pool = Executors.newFixedThreadPool(AT_ONCE);
        FOUND_BY.forEach((fault, tests) -> RUNS.put(fault, pool.submit(() -> run(fault, tests))));
    }

    @AfterAll
    static void end() {
        pool.shutdownNow();
    }

    private static Map<String, TestExecutionResult> run(LogFault fault, List<String> tests) {
        DiscoverySelector[] selectors = Stream.concat(tests.stream(), Stream.of(CONTROL))
                .map(SuiteMutantsTest::selector)
                .toArray(DiscoverySelector[]::new);
        LogMutant.FAULT.set(fault);
        try {
            Map<String, TestExecutionResult> results = new LinkedHashMap<>();
            EngineTestKit.engine("junit-jupiter").selectors(selectors).execute().testEvents().finished().stream()
                    .forEach(event -> results.put(name(event), event.getRequiredPayload(TestExecutionResult.class)));
            return results;
        } finally {
            LogMutant.FAULT.remove();
        }
    }

    private static DiscoverySelector selector(String test) {
        String[] parts = test.split("#", 2);
        Class<?> theme = Stream.of(TransportContract.class.getDeclaredClasses())
                .filter(nested -> nested.getSimpleName().equals(parts[0]))
                .findFirst()
                .orElseThrow();
        return selectNestedMethod(List.of(LogMutant.class), theme, parts[1]);
    }

    private static String name(Event event) {
        var source = (org.junit.platform.engine.support.descriptor.MethodSource)
                event.getTestDescriptor().getSource().orElseThrow();
        String theme = source.getClassName().replaceAll(".*\\$", "");
        return theme + "#" + source.getMethodName();
    }

    static Stream<Arguments> faults() {
        return FOUND_BY.entrySet().stream().map(entry -> arguments(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void shouldFind(LogFault fault, List<String> tests) throws Exception {
        Map<String, TestExecutionResult> results = RUNS.get(fault).get();

        assertThat(results.get(CONTROL).getStatus()).as(CONTROL).isEqualTo(Status.SUCCESSFUL);
        assertThat(tests).allSatisfy(test -> {
            TestExecutionResult result = results.get(test);
            assertThat(result).as(test).isNotNull();
            assertThat(result.getStatus()).as(test).isEqualTo(Status.FAILED);
            assertThat(result.getThrowable().orElseThrow())
                    .as(test)
                    .isInstanceOfAny(AssertionError.class, ConditionTimeoutException.class);
        });
    }

    @Test
    void shouldKnowAFindingForEveryFault() {
        assertThat(FOUND_BY.keySet()).hasSize(LogFault.values().length - 1).doesNotContain(LogFault.NONE);
    }
}

package dev.pubsub.test;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.resilience.ResilienceRegistries;
import dev.pubsub.spi.MessageListener;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees what happens in one engine under test, and has a say in it.
 *
 * <p>In Spring Boot tests it is a bean, by {@code @PubSubTest} or {@code @AutoConfigurePubSubTest}, and is reset after
 * each test. Without Spring: {@code PubSubProbe probe = PubSubProbe.withManualClock(); PubSub pubSub =
 * probe.build(PubSubEngine.builder());}.
 *
 * <p>Safe for use by any thread; one test at a time. Nothing that it returns or throws shows payloads, keys, header
 * values or texts of exceptions, unless {@link #showPayloads} is called; accessors give them.
 */
public final class PubSubProbe {

    /** How long something is awaited that needs no time of the clock. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private final @Nullable PubSubClock clock;
    private final CircuitBreakers breakers;
    private final Shown shown = new Shown();
    private final Journal journal = new Journal(shown);
    private final RunningAttempts attempts = new RunningAttempts();
    private final Faults faults = new Faults(this::requireSubscription);
    private final PublishStubs publishing = new PublishStubs();
    private volatile Duration timeout = DEFAULT_TIMEOUT;
    private volatile @Nullable Watched watched;

    private PubSubProbe(@Nullable PubSubClock clock, CircuitBreakerRegistry breakers) {
        this.clock = clock;
        this.breakers = new CircuitBreakers(breakers);
    }

    /** An engine and what knows about it. */
    private record Watched(PubSub engine, PubSub probed, Stillness stillness, OpenReport report) {}

    /** A probe for an engine whose time moves only when told. */
    public static PubSubProbe withManualClock() {
        return withManualClock(CircuitBreakerRegistry.ofDefaults());
    }

    /** As {@link #withManualClock()}, for an engine that keeps its circuit breakers in this registry. */
    public static PubSubProbe withManualClock(CircuitBreakerRegistry breakers) {
        return new PubSubProbe(new PubSubClock(), breakers);
    }

    /** A probe for an engine in real time. */
    public static PubSubProbe inRealTime() {
        return inRealTime(CircuitBreakerRegistry.ofDefaults());
    }

    /** As {@link #inRealTime()}, for an engine that keeps its circuit breakers in this registry. */
    public static PubSubProbe inRealTime(CircuitBreakerRegistry breakers) {
        return new PubSubProbe(null, breakers);
    }

    // ---- the engine

    /**
     * Builds an engine with the probe's clock, listener and registry of circuit breakers, which replace the builder's,
     * and watches it.
     *
     * @return the engine to use: what is subscribed and published by another reference meets no faults and stubs
     * @throws IllegalStateException if the probe watches an engine already
     */
    public PubSub build(PubSubBuilder builder) {
        builder.messageListener(listener()).resilience(ResilienceRegistries.of(breakers.registry(), null));
        if (clock != null) {
            builder.timeSource(clock).scheduler(clock);
        }
        return attach(builder.build());
    }

    /**
     * Watches an engine that was built with {@link #listener} and, if there is one, {@link #clock}, and that has no
     * subscription yet.
     *
     * @return the engine to use, as for {@link #build}
     * @throws IllegalStateException if the probe watches an engine already
     */
    public synchronized PubSub attach(PubSub engine) {
        if (watched != null) {
            throw new IllegalStateException(
                    "The probe watches an engine already; each engine needs a probe of its own");
        }
        PubSub probed = ProbedEngine.before(engine, new ProbedPublisher(engine, publishing, journal), attempts, faults);
        OpenReport report = new OpenReport(engine, journal, attempts, clock, shown);
        Stillness stillness = new Stillness(engine, attempts, clock, report, () -> timeout);
        if (clock != null) {
            clock.heed(stillness);
        }
        watched = new Watched(engine, probed, stillness, report);
        return probed;
    }

    /** What the engine must tell of its messages. */
    public MessageListener listener() {
        return journal;
    }

    private Watched watched() {
        Watched present = watched;
        if (present == null) {
            throw new IllegalStateException("The probe watches no engine yet; give it one by build or attach");
        }
        return present;
    }

    private String requireSubscription(String id) {
        if (watched().engine().subscription(id).isEmpty()) {
            List<String> known = watched().engine().subscriptions().stream()
                    .map(dev.pubsub.Subscription::id)
                    .toList();
            throw new IllegalArgumentException("There is no subscription '" + id + "'; there are " + known);
        }
        return id;
    }

    // ---- what the test may do

    /**
     * The engine's clock.
     *
     * @throws IllegalStateException if the engine runs in real time
     */
    public PubSubClock clock() {
        if (clock == null) {
            throw new IllegalStateException("This engine runs in real time; use a manual clock"
                    + " (PubSubProbe.withManualClock(), or @AutoConfigurePubSubTest without manualClock = false)");
        }
        return clock;
    }

    /** Makes handlers fail. */
    public Faults faults() {
        return faults;
    }

    /** Makes publishing fail, or lead nowhere. */
    public PublishStubs publishing() {
        return publishing;
    }

    /** Has failures and texts print payloads, keys, header values and texts of exceptions, until the test's end. */
    public PubSubProbe showPayloads() {
        shown.payloads(true);
        return this;
    }

    /**
     * How long is awaited what needs no time of the clock; default 10 s.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public PubSubProbe timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("The probe's timeout is " + timeout + "; it must be above 0");
        }
        this.timeout = timeout;
        return this;
    }

    // ---- waiting

    /** As {@link #awaitQuiet(Duration)}, with the probe's timeout. */
    public void awaitQuiet() {
        awaitQuiet(timeout);
    }

    /**
     * Waits until every copy is settled, in real time, at most so long. Where only the clock could make a copy go on
     * (one waits for its retry, hangs, or is held back by a circuit breaker), or the subscription is paused, it fails
     * at once instead of waiting in vain; but attempts that are to time out by {@link Faults.Builder#timeOut} do: the
     * clock is moved to their deadlines.
     *
     * @throws AssertionError if copies are left, naming them
     */
    public void awaitQuiet(Duration atMost) {
        Watched now = watched();
        long start = System.nanoTime();
        while (!isQuiet()) {
            Duration left = atMost.minusNanos(System.nanoTime() - start);
            boolean moves = Patience.until(left, () -> isQuiet() || isStuck(now));
            if (isQuiet()) {
                return;
            }
            if (!moves) {
                throw new AssertionError(now.report().describe("Not quiet after " + atMost));
            }
            if (!timeOut()) {
                throw new AssertionError(now.report().describe("Not quiet, and nothing goes on by itself"));
            }
        }
    }

    /** Whether something is left, and nothing goes on unless time does. */
    private boolean isStuck(Watched now) {
        return clock != null && now.stillness().isStill() && !isSettled(now);
    }

    /** Whether attempts are to time out, which they have then. */
    private boolean timeOut() {
        Duration next = attempts.all()
                .filter(RunningAttempt::isTimingOut)
                .map(attempt -> attempt.delivery().remaining())
                .min(Duration::compareTo)
                .orElse(null);
        if (next == null || clock == null) {
            return false;
        }
        clock.advance(next);
        return true;
    }

    private boolean isQuiet() {
        return isSettled(watched()) && journal.open() == 0 && (clock == null || !clock.isAtWork());
    }

    private static boolean isSettled(Watched now) {
        PubSubSnapshot snapshot = now.engine().snapshot();
        return snapshot.subscriptions().stream()
                .allMatch(figures -> figures.queued() + figures.active() + figures.parked() == 0);
    }

    /**
     * Lets time pass, from one event to the next, until every copy is settled.
     *
     * @param atMost how far the clock is moved, at most 365 days
     * @return how far it was moved
     * @throws AssertionError if copies are left then, naming them
     */
    public Duration advanceUntilQuiet(Duration atMost) {
        PubSubClock moved = clock();
        long start = moved.nanoTime();
        if (!moved.move(start + atMost.toNanos(), this::isSoonQuiet)) {
            throw new AssertionError(watched().report().describe("Not quiet when " + atMost + " had passed"));
        }
        return Duration.ofNanos(moved.nanoTime() - start);
    }

    /** What is settled is told a moment later. */
    private boolean isSoonQuiet() {
        return isSettled(watched()) && Patience.until(timeout, this::isQuiet);
    }

    /** As {@link #awaitHanging(String, int)}, for one attempt. */
    public void awaitHanging(String subscriptionId) {
        awaitHanging(subscriptionId, 1);
    }

    /**
     * Waits until so many attempts of this subscription run, and takes them for such as end at their deadlines only:
     * the clock does not wait for them.
     *
     * @throws IllegalArgumentException if there is no such subscription
     * @throws AssertionError if they are not that many within the probe's timeout
     */
    public void awaitHanging(String subscriptionId, int count) {
        requireSubscription(subscriptionId);
        if (!Patience.until(timeout, () -> attempts.of(subscriptionId).size() >= count)) {
            throw new AssertionError(watched()
                    .report()
                    .describe("Expected " + count + " attempts of '" + subscriptionId + "' to run, but after " + timeout
                            + " there are " + attempts.of(subscriptionId).size()));
        }
        attempts.of(subscriptionId).stream()
                .filter(attempt -> !attempt.isHanging())
                .forEach(attempt -> attempt.hangsWhile(() -> true));
    }

    // ---- what happened

    /** What was published since the test began, by anybody, accepted or not, in this order. */
    public List<PublishedMessage> published() {
        return journal.published();
    }

    /**
     * Of what was published, that to these topics.
     *
     * @throws IllegalArgumentException if it is no topic or pattern
     */
    public List<PublishedMessage> published(String pattern) {
        TopicPattern topics = TopicPattern.of(pattern);
        return journal.published().stream()
                .filter(message -> topics.matches(message.topic()))
                .toList();
    }

    /**
     * The one message that was published to these topics.
     *
     * @throws AssertionError if there is none, or more than one, naming them
     */
    public PublishedMessage onlyPublished(String pattern) {
        return only(published(pattern), "message published to '" + pattern + "'", published());
    }

    /** The copies that subscriptions took since the test began, and what became of each. */
    public List<ReceivedCopy> received() {
        return journal.received();
    }

    /**
     * The copies that this subscription took.
     *
     * @throws IllegalArgumentException if there is no such subscription
     */
    public List<ReceivedCopy> received(String subscriptionId) {
        requireSubscription(subscriptionId);
        return journal.received().stream()
                .filter(copy -> copy.subscription().equals(subscriptionId))
                .toList();
    }

    /**
     * The one copy that this subscription took.
     *
     * @throws AssertionError if there is none, or more than one, naming them
     */
    public ReceivedCopy onlyReceived(String subscriptionId) {
        return only(received(subscriptionId), "copy received by '" + subscriptionId + "'", published());
    }

    private static <E> E only(List<E> found, String what, List<PublishedMessage> published) {
        if (found.size() != 1) {
            throw new AssertionError("Expected one " + what + ", but there are " + found.size() + lines(found)
                    + (found.isEmpty() ? ". Published was" + lines(published) : ""));
        }
        return found.get(0);
    }

    private static String lines(List<?> items) {
        int named = 20;
        StringBuilder text = new StringBuilder(items.isEmpty() ? " nothing" : ":");
        items.stream().limit(named).forEach(item -> text.append("\n  ").append(item));
        if (items.size() > named) {
            text.append("\n  and ").append(items.size() - named).append(" more");
        }
        return text.toString();
    }

    // ---- between tests

    /**
     * Clears this test away: faults and stubs end, what is not settled is settled without its handler (with a manual
     * clock, by moving it), subscriptions that were paused are resumed, circuit breakers closed, dead letters
     * discarded, the wall clock set back to {@link PubSubClock#START}, and what was seen is forgotten. The engine's own
     * figures go on counting.
     *
     * @throws IllegalStateException if something stays behind, such as a handler that ignores its interrupt, or the
     *     engine is closed: it is of no use to another test then
     */
    public void reset() {
        publishing.clear();
        Watched now = watched;
        if (now != null) {
            attempts.skip(true);
            try {
                faults.clear();
                breakers.reset(); // so that what waits for them goes on
                new Cleanup(now.engine(), attempts, clock, now.stillness(), this::isQuiet, now.report(), timeout)
                        .settleAll();
                breakers.reset();
                if (clock != null) {
                    clock.move(clock.lastDue(), () -> false); // and so that none is held when a copy comes
                }
            } finally {
                attempts.skip(false);
            }
        }
        if (clock != null) {
            clock.setWallClock(PubSubClock.START);
        }
        shown.payloads(false);
        journal.clear();
    }
}

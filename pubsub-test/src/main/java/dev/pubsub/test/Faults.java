package dev.pubsub.test;

import dev.pubsub.Message;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryLaterException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Rules by which handlers fail instead of being called: {@code probe.faults().on("alerts").times(2).fail()}. Of several
 * rules that apply to an attempt the one that was made first counts, and one whose times are used up applies no more.
 * Cleared after each test. Safe for use by any thread.
 */
public final class Faults {

    private final UnaryOperator<String> knownSubscription;
    private final List<FaultRule> rules = new CopyOnWriteArrayList<>();

    /** Subscription ids are checked by {@code knownSubscription}, which throws for others. */
    Faults(UnaryOperator<String> knownSubscription) {
        this.knownSubscription = knownSubscription;
    }

    /**
     * A rule for this subscription, which comes into force with its verb.
     *
     * @throws IllegalArgumentException if there is no such subscription
     */
    public Builder on(String subscriptionId) {
        return new Builder(knownSubscription.apply(subscriptionId));
    }

    /** Removes all rules, and lets those go that hang. */
    public void clear() {
        rules.forEach(FaultRule::remove);
    }

    /** Whether an attempt of this subscription may meet a rule. */
    void apply(RunningAttempt attempt) throws Exception {
        for (FaultRule rule : rules) {
            if (rule.claims(attempt.delivery())) {
                rule.apply(attempt);
                return;
            }
        }
    }

    private FaultRule add(FaultRule.Condition condition, FaultRule.Fault fault) {
        FaultRule rule = new FaultRule(condition, fault, rules::remove);
        rules.add(rule);
        return rule;
    }

    /** A rule to be. The verb at the end puts it into force; a builder may be used for several. */
    public final class Builder {

        private final String subscription;
        private Predicate<? super Message<?>> matching = message -> true;
        private int times = Integer.MAX_VALUE;
        private int timesEach = Integer.MAX_VALUE;

        private Builder(String subscription) {
            this.subscription = subscription;
        }

        /** Only for these messages, of which it sees what was published; default: for all. */
        public Builder matching(Predicate<? super Message<?>> condition) {
            this.matching = Objects.requireNonNull(condition, "condition");
            return this;
        }

        /** Only for messages with this key; default: for all. */
        public Builder withKey(String key) {
            Objects.requireNonNull(key, "key");
            return matching(message -> key.equals(message.key()));
        }

        /** For so many attempts in all, at least 1; default: for all. */
        public Builder times(int attempts) {
            this.times = atLeastOne(attempts);
            return this;
        }

        /** For the first attempts at each message, at least 1; default: for all. */
        public Builder timesEach(int attempts) {
            this.timesEach = atLeastOne(attempts);
            return this;
        }

        private int atLeastOne(int attempts) {
            if (attempts < 1) {
                throw new IllegalArgumentException("The fault on '" + subscription + "' was to apply " + attempts
                        + " times; it must be at least once");
            }
            return attempts;
        }

        /** The handler throws an {@link InjectedFaultException}, which is retried as the subscription's policy says. */
        public FaultRule fail() {
            return fail(() -> new InjectedFaultException(subscription));
        }

        /** The handler throws such an exception, a new one each time. */
        public FaultRule fail(Supplier<? extends Exception> exception) {
            Objects.requireNonNull(exception, "exception");
            return inForce(attempt -> {
                throw exception.get();
            });
        }

        /** The handler rejects the message, which is dead-lettered at once. */
        public FaultRule reject() {
            return fail(
                    () -> new RejectMessageException("A fault of the test, in subscription '" + subscription + "'"));
        }

        /** The handler puts the message off. */
        public FaultRule retryLater(Duration delay) {
            Objects.requireNonNull(delay, "delay");
            return fail(() -> new RetryLaterException(delay));
        }

        /** The handler throws an {@link InjectedError}: a panic, not retried. */
        public FaultRule panic() {
            return panic(() -> new InjectedError(subscription));
        }

        /** The handler throws such an {@link Error}, a new one each time. */
        public FaultRule panic(Supplier<? extends Error> error) {
            Objects.requireNonNull(error, "error");
            return inForce(attempt -> {
                throw error.get();
            });
        }

        /**
         * The handler hangs until its attempt is interrupted, as at its deadline, which comes when the clock is moved;
         * or until {@link FaultRule#release}, after which it is called.
         */
        public FaultRule hang() {
            return add(condition(), new FaultRule.Hang(false, false));
        }

        /** As {@link #hang}, but it ignores its interrupt: after its deadline it is abandoned, until it is released. */
        public FaultRule hangStubbornly() {
            return add(condition(), new FaultRule.Hang(true, false));
        }

        /**
         * The attempt exceeds its deadline: it hangs, and {@link PubSubProbe#awaitQuiet} moves the clock as far as it
         * takes.
         */
        public FaultRule timeOut() {
            return add(condition(), new FaultRule.Hang(false, true));
        }

        private FaultRule inForce(FaultRule.Fault fault) {
            return add(condition(), fault);
        }

        private FaultRule.Condition condition() {
            return new FaultRule.Condition(subscription, matching, times, timesEach);
        }
    }
}

package dev.pubsub.tck;

import dev.pubsub.Message;
import dev.pubsub.Outcome;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.InboundDelivery;
import dev.pubsub.spi.Inlet;
import dev.pubsub.spi.Inlet.Taken;
import dev.pubsub.spi.Receiver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Receives for one subscription, on one thread, which alone knows the claims. Whatever may concern it (a record, a
 * settlement, credit, another member) signals it; it then looks at everything, since that is simple.
 *
 * <p>A partition that has to go to another member is handed over in good order: what waits in the engine is taken back,
 * what runs may end, within a limit; then it is released.
 */
final class LogReceiver implements Receiver {

    private static final int BATCH = 64;
    private static final long MAX_DISTANCE = 5_000;
    private static final long LOOK_MILLIS = 50;
    private static final long HAND_OVER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final LogBroker broker;
    private final SubscriptionSpec<?> spec;
    private final Inlet inlet;
    private final LogFault fault;
    private final Semaphore signals = new Semaphore(0);
    private Turn turn;

    LogReceiver(LogBroker broker, SubscriptionSpec<?> spec, Inlet inlet, LogFault fault) {
        this.broker = broker;
        this.spec = spec;
        this.inlet = inlet;
        this.fault = fault;
        inlet.onCredit(signals::release);
    }

    @Override
    public void start() {
        if (turn == null) {
            turn = new Turn();
            turn.begin();
        }
    }

    @Override
    public void quiesce() {
        if (turn != null && fault != LogFault.DOES_NOT_QUIESCE) {
            turn.quiet();
        }
    }

    @Override
    public void stop() {
        if (turn != null) {
            turn.end();
            turn = null;
        }
    }

    /** From a start to its stop. */
    private final class Turn implements Runnable {

        private final Thread thread = new Thread(this, "log-receiver-" + spec.id());
        private final Map<LogBroker.Partition, LogClaim> claims = new HashMap<>();
        private final Map<LogClaim, Long> leaving = new HashMap<>();
        private LogBroker.Member member;
        private boolean offering = true; // guarded by this: who has set it knows that no offer is under way
        private volatile boolean ended;

        /** The group begins here, so that nothing is missed that is published after this. */
        void begin() {
            join();
            thread.setDaemon(true);
            thread.start();
        }

        private void join() {
            String group = spec.group() == null ? spec.id() : spec.group();
            member = broker.join(group, spec.patterns(), signals::release);
        }

        synchronized void quiet() {
            offering = false;
        }

        void end() {
            ended = true;
            signals.release();
            boolean interrupted = false;
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException keptForLater) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void run() {
            while (!ended) {
                boolean more = look();
                awaitSignal(more ? 0 : LOOK_MILLIS);
            }
            giveUp();
            if (member != null) {
                member.leave();
            }
        }

        private void awaitSignal(long millis) {
            try {
                if (signals.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
                    signals.drainPermits();
                }
            } catch (InterruptedException nobodyElseKnowsThisThread) {
                throw new IllegalStateException(nobodyElseKnowsThisThread);
            }
        }

        /** Looks at everything; whether there may be more to offer at once. */
        private boolean look() {
            if (member == null || !member.isKnown()) {
                giveUp(); // the broker was restarted
                join();
                return member != null;
            }
            Set<LogBroker.Partition> assigned = member.assigned();
            for (LogClaim claim : List.copyOf(claims.values())) {
                // once begun it is ended: what was taken back must be claimed anew to be offered again
                if (!assigned.contains(claim.partition()) || leaving.containsKey(claim)) {
                    handOver(claim);
                }
            }
            for (LogBroker.Partition partition : assigned) {
                if (!claims.containsKey(partition)) {
                    claim(partition);
                }
            }
            boolean more = false;
            for (LogClaim claim : claims.values()) {
                more |= !leaving.containsKey(claim) && offerOf(claim);
                claim.commit();
            }
            return more;
        }

        private void claim(LogBroker.Partition partition) {
            LogBroker.Claim claim = member.claim(partition);
            if (claim != null) {
                claims.put(partition, new LogClaim(member, claim, fault, signals::release));
            }
        }

        private boolean offerOf(LogClaim claim) {
            if (claim.distance() > MAX_DISTANCE || !mayOffer()) {
                return false;
            }
            List<Message<EncodedPayload>> records = member.read(claim.partition(), claim.next(), BATCH);
            for (Message<EncodedPayload> record : records) {
                if (!offer(claim, record)) {
                    return false;
                }
            }
            return records.size() == BATCH;
        }

        private boolean mayOffer() {
            return fault == LogFault.DROPS_WITHOUT_CREDIT || inlet.credit() > 0;
        }

        private synchronized boolean offer(LogClaim claim, Message<EncodedPayload> record) {
            if (!offering || ended || !mayOffer()) {
                return false;
            }
            LogClaim.Offered offered = claim.offering(record);
            Taken taken = inlet.offer(offered);
            if (taken == Taken.NO_CREDIT && fault != LogFault.DROPS_WITHOUT_CREDIT) {
                claim.takeBack(offered);
                return false;
            }
            boolean isDone = taken != Taken.TAKEN || fault == LogFault.ACKNOWLEDGES_BEFORE_HANDLING;
            if (isDone && !(taken == Taken.FILTERED && fault == LogFault.KEEPS_WHAT_IS_FILTERED)) {
                offered.settled(Outcome.COMPLETED);
            }
            return true;
        }

        private void handOver(LogClaim claim) {
            long began = leaving.computeIfAbsent(claim, any -> System.nanoTime());
            inlet.withdraw(delivery -> isOf(delivery, claim));
            boolean late = System.nanoTime() - began > HAND_OVER_NANOS;
            if (claim.isIdle() || late || fault == LogFault.HANDS_OVER_AT_ONCE) {
                giveUp(claim);
                claims.remove(claim.partition());
                leaving.remove(claim);
            }
        }

        private static boolean isOf(InboundDelivery delivery, LogClaim claim) {
            return ((LogClaim.Offered) delivery).revokeIfOf(claim);
        }

        private void giveUp() {
            new ArrayList<>(claims.values()).forEach(this::giveUp);
            claims.clear();
            leaving.clear();
        }

        private void giveUp(LogClaim claim) {
            claim.revoke();
            inlet.withdraw(InboundDelivery::isRevoked);
            inlet.cancel(InboundDelivery::isRevoked);
            claim.release();
        }
    }
}

package dev.pubsub.spring.actuate;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.Subscription;
import java.util.List;
import java.util.function.Predicate;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Down where the engine does not run, a subscription is quarantined, or the ledger drifts. Paused and full
 * subscriptions are told and are no failure: they protect what is behind them.
 */
public class PubSubHealthIndicator extends AbstractHealthIndicator {

    private final PubSub pubSub;

    /** Of this engine. */
    public PubSubHealthIndicator(PubSub pubSub) {
        super("The health of the PubSub engine could not be read");
        this.pubSub = pubSub;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        PubSubSnapshot snapshot = pubSub.snapshot();
        List<String> quarantined = ids(snapshot, one -> one.state() == Subscription.State.QUARANTINED);
        boolean up = snapshot.state() == PubSubSnapshot.State.RUNNING
                && quarantined.isEmpty()
                && snapshot.ledger() == Ledger.BALANCED;
        builder.status(up ? Status.UP : Status.DOWN)
                .withDetail("state", snapshot.state().name())
                .withDetail("subscriptions", snapshot.subscriptions().size())
                .withDetail("ledger", snapshot.ledger().name());
        detail(builder, "quarantined", quarantined);
        detail(builder, "paused", ids(snapshot, one -> one.state() == Subscription.State.PAUSED));
        detail(builder, "full", ids(snapshot, PubSubHealthIndicator::isFull));
    }

    private static boolean isFull(SubscriptionFigures one) {
        return one.queued() + one.active() + one.parked() >= one.places();
    }

    private static List<String> ids(PubSubSnapshot snapshot, Predicate<SubscriptionFigures> which) {
        return snapshot.subscriptions().stream()
                .filter(which)
                .map(SubscriptionFigures::id)
                .toList();
    }

    private static void detail(Health.Builder builder, String name, List<String> ids) {
        if (!ids.isEmpty()) {
            builder.withDetail(name, ids);
        }
    }
}

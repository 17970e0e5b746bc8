package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.pubsub.PubSub;
import dev.pubsub.PubSubSnapshot;
import dev.pubsub.PubSubSnapshot.Ledger;
import dev.pubsub.PubSubSnapshot.PublisherFigures;
import dev.pubsub.PubSubSnapshot.SubscriptionFigures;
import dev.pubsub.Subscription;
import dev.pubsub.spring.actuate.PubSubHealthIndicator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/** What is up and what is down. */
class PubSubHealthIndicatorTests {

    @Test
    void upWhereAllRuns() {
        assertThat(health(PubSubSnapshot.State.RUNNING, Ledger.BALANCED, one(Subscription.State.RUNNING, 0))
                        .getStatus())
                .isEqualTo(Status.UP);
    }

    @ParameterizedTest
    @EnumSource(value = PubSubSnapshot.State.class, names = "RUNNING", mode = EnumSource.Mode.EXCLUDE)
    void downWhereTheEngineDoesNotRun(PubSubSnapshot.State state) {
        assertThat(health(state, Ledger.BALANCED).getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void downWhereTheLedgerDrifts() {
        Health health = health(PubSubSnapshot.State.RUNNING, Ledger.DRIFT);
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsEntry("ledger", "DRIFT");
    }

    @Test
    void downWhereASubscriptionIsQuarantined() {
        Health health = health(PubSubSnapshot.State.RUNNING, Ledger.BALANCED, one(Subscription.State.QUARANTINED, 0));
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails()).containsEntry("quarantined", List.of("one"));
    }

    @Test
    void upWithADetailWhereASubscriptionIsPaused() {
        Health health = health(PubSubSnapshot.State.RUNNING, Ledger.BALANCED, one(Subscription.State.PAUSED, 0));
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("paused", List.of("one"));
    }

    @Test
    void upWithADetailWhereASubscriptionIsFull() {
        Health health = health(PubSubSnapshot.State.RUNNING, Ledger.BALANCED, one(Subscription.State.RUNNING, 11));
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("full", List.of("one"));
    }

    private static Health health(PubSubSnapshot.State state, Ledger ledger, SubscriptionFigures... subscriptions) {
        PubSub pubSub = mock(PubSub.class);
        when(pubSub.snapshot())
                .thenReturn(new PubSubSnapshot(
                        state, "memory", new PublisherFigures(0, 1, 0, 0, 0), List.of(subscriptions), 0, ledger));
        return new PubSubHealthIndicator(pubSub).health();
    }

    private static SubscriptionFigures one(Subscription.State state, int queued) {
        return new SubscriptionFigures(
                "one",
                List.of("t"),
                state,
                null,
                1,
                11,
                queued,
                queued,
                0,
                0,
                queued,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                "NONE",
                0,
                0,
                0,
                0);
    }
}

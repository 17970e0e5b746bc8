package dev.pubsub.publish;

import dev.pubsub.Message;
import dev.pubsub.PubSubException;
import dev.pubsub.dispatch.DeliveryTracker;
import dev.pubsub.dispatch.Intake;
import dev.pubsub.spi.SafeText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits one message after its transaction has committed. Nobody is left to be told of a refusal, so it is logged,
 * counted, and the message becomes a dead letter of every subscription that it would have reached.
 */
final class CommittedPublish {

    private static final Logger log = LoggerFactory.getLogger(CommittedPublish.class);

    private final PublishPipeline pipeline;
    private final Message<?> message;
    private final @Nullable DeliveryTracker tracker;
    private final CommitPatience patience;

    CommittedPublish(
            PublishPipeline pipeline, Message<?> message, @Nullable DeliveryTracker tracker, CommitPatience patience) {
        this.pipeline = pipeline;
        this.message = message;
        this.tracker = tracker;
        this.patience = patience;
    }

    void admit() {
        if (tracker != null && tracker.isCancelled()) {
            return;
        }
        long start = pipeline.time().nanos();
        Route route = null;
        try {
            route = pipeline.validate(message);
            pipeline.admitCommitted(message, route, tracker, patience, start);
        } catch (PubSubException refusal) {
            pipeline.counts().rejected(route, refusal, pipeline.time().nanos() - start);
            pipeline.tellRefused(message, refusal);
            refused(route, refusal);
        } catch (RuntimeException | Error unforeseen) {
            log.error(
                    "Message {} was committed and could not be admitted: {}",
                    SafeText.of(message.id()),
                    SafeText.of(unforeseen),
                    SafeText.trace(unforeseen));
            PubSubException failure =
                    new PubSubException("The message was committed and could not be admitted", unforeseen);
            pipeline.tellRefused(message, failure);
            if (tracker != null) {
                tracker.refused(failure);
            }
        }
    }

    private void refused(@Nullable Route route, PubSubException refusal) {
        List<String> kept = new ArrayList<>();
        if (route != null) {
            for (Intake intake : route.intakes()) {
                if (keep(intake, refusal)) {
                    kept.add(intake.subscriptionId());
                }
            }
        }
        if (!kept.isEmpty()) {
            pipeline.tellAccepted(message, kept, List.of());
        }
        if (tracker != null) {
            tracker.refused(refusal);
        }
        log.error(
                "Message {} on {} was committed and refused; kept as a dead letter of {} subscriptions: {}",
                SafeText.of(message.id()),
                SafeText.of(message.topic()),
                kept.size(),
                SafeText.of(refusal));
    }

    private boolean keep(Intake intake, PubSubException refusal) {
        try {
            return intake.wants(message) && intake.buryRefused(message, refusal);
        } catch (RuntimeException | Error conditionFailure) {
            return intake.buryRefused(message, conditionFailure);
        }
    }
}

package dev.pubsub.publish;

import dev.pubsub.Message;
import dev.pubsub.PubSubException;
import dev.pubsub.dispatch.DeliveryTracker;
import dev.pubsub.dispatch.Intake;
import dev.pubsub.spi.MessageTracer.Publication;
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
    private final @Nullable Publication publication;

    CommittedPublish(
            PublishPipeline pipeline,
            Message<?> message,
            @Nullable DeliveryTracker tracker,
            CommitPatience patience,
            @Nullable Publication publication) {
        this.pipeline = pipeline;
        this.message = message;
        this.tracker = tracker;
        this.patience = patience;
        this.publication = publication;
    }

    void admit() {
        if (tracker != null && tracker.isCancelled()) {
            if (publication != null) {
                publication.dropped();
            }
            return;
        }
        long start = pipeline.time().nanos();
        Route route = null;
        try {
            route = pipeline.validate(message);
            admit(route, start);
        } catch (PubSubException refusal) {
            pipeline.counts().rejected(route, refusal, pipeline.time().nanos() - start);
            pipeline.tellRefused(message, refusal);
            traceRefusal(refusal);
            refused(route, refusal);
        } catch (RuntimeException | Error unforeseen) {
            traceRefusal(unforeseen);
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

    /** Validated as it was given: what a tracer adds is not the publisher's to answer for. */
    private void admit(Route route, long start) {
        if (publication == null) {
            pipeline.admitCommitted(message, route, tracker, patience, start);
        } else {
            TracedPublish.run(
                    publication, route, (traced, to) -> pipeline.admitCommitted(traced, to, tracker, patience, start));
        }
    }

    private void traceRefusal(Throwable refusal) {
        if (publication != null) {
            publication.refused(refusal);
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
        Message<?> kept = publication == null ? message : publication.message();
        try {
            return intake.wants(kept) && intake.buryRefused(kept, refusal);
        } catch (RuntimeException | Error conditionFailure) {
            return intake.buryRefused(kept, conditionFailure);
        }
    }
}

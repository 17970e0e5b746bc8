package dev.pubsub.publish;

import dev.pubsub.Message;
import dev.pubsub.delivery.Slot;
import dev.pubsub.dispatch.DeliveryTracker;
import dev.pubsub.dispatch.Intake;
import dev.pubsub.dispatch.Targets;
import dev.pubsub.spi.DirectSender;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Offers a message to the subscriptions of this process until all have taken it, or waiting ends. Has no state. */
final class DirectOffer implements Offer {

    private final PublishPipeline pipeline;
    private final DirectSender sender;

    DirectOffer(PublishPipeline pipeline, DirectSender sender) {
        this.pipeline = pipeline;
        this.sender = sender;
    }

    @Override
    public int offer(
            Message<?> message,
            Route route,
            @Nullable DeliveryTracker tracker,
            boolean mayWait,
            @Nullable Slot handler,
            long start,
            @Nullable Patience waited) {
        Targets targets = route.targets(message);
        List<String> takers = pipeline.isFollowed(message) ? new ArrayList<>(targets.size()) : null;
        Targets recipients = tracker == null && takers == null ? targets : targets.followed(tracker, takers);
        long now = waited == null ? start : pipeline.time().nanos();
        int copies = sender.send(message, recipients, now);
        boolean atOnce = waited == null && copies >= 0;
        if (copies < 0) {
            Patience patience = waited == null ? pipeline.patience(mayWait, handler, start) : waited;
            copies = offerWaiting(message, recipients, patience, copies);
        }
        if (tracker != null) {
            tracker.admitted();
        }
        if (copies == 0) { // all subscriptions are gone at once where the engine was closed meanwhile
            pipeline.requireAccepting(handler != null);
        }
        if (atOnce) {
            pipeline.counts().acceptedAtOnce(route, pipeline.time(), start);
        } else {
            pipeline.counts().accepted(route, pipeline.time(), start);
        }
        if (takers != null) {
            pipeline.tellAccepted(message, takers, route.filteredBy(targets));
        }
        return copies;
    }

    private int offerWaiting(Message<?> message, Targets targets, Patience patience, int refusal) {
        int copies = refusal;
        try {
            while (copies < 0) {
                patience.awaitRoom(withoutRoom(targets, -copies - 1));
                copies = sender.send(message, targets, pipeline.time().nanos());
            }
            return copies;
        } finally {
            patience.passOn(null);
        }
    }

    /** Whom to wait for; a handler whose own subscription has no room is to learn of that first, and at once. */
    private static Intake withoutRoom(Targets targets, int found) {
        for (int i = 0; i < targets.size(); i++) {
            Intake intake = targets.intake(i);
            if (intake.isCallersOwn() && intake.wouldRefuse()) {
                return intake;
            }
        }
        return targets.intake(found);
    }
}

package dev.pubsub.publish;

import dev.pubsub.Message;
import dev.pubsub.spi.MessageTracer.Publication;
import dev.pubsub.spi.MessageTracer.Scope;

/** Admits what a tracer follows, and tells it how that ended. */
final class TracedPublish {

    /** What {@link Admission} answers where another call ends the publication. */
    static final int DEFERRED = -2;

    private TracedPublish() {}

    /** Admits the message that it is given; answers how many copies there are, or {@link #DEFERRED}. */
    @FunctionalInterface
    interface Admission {

        int admit(Message<?> message, Route route);
    }

    static int run(Publication publication, Route route, Admission admission) {
        int copies;
        try (Scope scope = publication.open()) {
            copies = admission.admit(publication.message(), route.traced(publication.context()));
        } catch (Throwable refusal) {
            publication.refused(refusal);
            throw refusal;
        }
        if (copies != DEFERRED) {
            publication.accepted(copies); // after its scope is closed: what has ended is nobody's present
        }
        return copies;
    }
}

package dev.pubsub.spring.actuate;

import dev.pubsub.DeadLetters;
import dev.pubsub.PubSub;
import java.util.List;
import java.util.Optional;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** The latest replays of many dead letters: how far they are, and stopping one. */
@WebEndpoint(id = "pubsubreplays")
@RegisterReflectionForBinding({ReplaysEndpoint.Listing.class})
public class ReplaysEndpoint {

    private final PubSub pubSub;

    /** Of this engine. */
    public ReplaysEndpoint(PubSub pubSub) {
        this.pubSub = pubSub;
    }

    /** The latest, the newest first. */
    @ReadOperation
    public WebEndpointResponse<Object> list() {
        return new WebEndpointResponse<>(new Listing(pubSub.deadLetters().replays().stream()
                .map(ReplayDescriptor::of)
                .toList()));
    }

    /** One of them. */
    @ReadOperation
    public WebEndpointResponse<Object> get(@Selector String replayId) {
        return find(replayId)
                .map(replay -> new WebEndpointResponse<Object>(ReplayDescriptor.of(replay)))
                .orElseGet(() -> unknown(replayId));
    }

    /** Stops one. */
    @DeleteOperation
    public WebEndpointResponse<Object> stop(@Selector String replayId) {
        return find(replayId)
                .map(replay -> {
                    replay.stop();
                    Writes.done("stop " + replay.id() + " after " + replay.replayed() + " of " + replay.matched());
                    return new WebEndpointResponse<Object>(WebEndpointResponse.STATUS_NO_CONTENT);
                })
                .orElseGet(() -> unknown(replayId));
    }

    private Optional<DeadLetters.Replay> find(String id) {
        return pubSub.deadLetters().replays().stream()
                .filter(replay -> replay.id().equals(id))
                .findFirst();
    }

    private static WebEndpointResponse<Object> unknown(String id) {
        return Problems.notFound("There is no replay '" + Texts.capped(id, 100) + "'");
    }

    /** The replays. */
    record Listing(List<ReplayDescriptor> replays) implements OperationResponseBody {}

    /** A replay as the endpoint shows it. */
    record ReplayDescriptor(String replayId, String state, int matched, int replayed, int refused)
            implements OperationResponseBody {

        static ReplayDescriptor of(DeadLetters.Replay replay) {
            return new ReplayDescriptor(
                    replay.id(), replay.state().name(), replay.matched(), replay.replayed(), replay.refused());
        }
    }
}

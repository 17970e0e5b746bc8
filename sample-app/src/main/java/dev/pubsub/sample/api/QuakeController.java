package dev.pubsub.sample.api;

import dev.pubsub.sample.catalog.Catalog;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.sample.quake.QuakePublisher;
import dev.pubsub.sample.quake.QuakeTopics;
import dev.pubsub.sample.usgs.Feature;
import dev.pubsub.sample.usgs.FeatureTranslator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The catalog, and another way for events to come in. */
@RestController
@RequestMapping("/api/quakes")
class QuakeController {

    private static final int MAX_LIMIT = 1_000;

    private final Catalog catalog;
    private final QuakePublisher publisher;

    QuakeController(Catalog catalog, QuakePublisher publisher) {
        this.catalog = catalog;
        this.publisher = publisher;
    }

    /** The latest events, newest first. */
    @GetMapping
    List<Quake> latest(
            @RequestParam(required = false) @Nullable Double minMagnitude,
            @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new InvalidRequestException("limit: not between 1 and " + MAX_LIMIT);
        }
        if (minMagnitude != null && !Double.isFinite(minMagnitude)) {
            throw new InvalidRequestException("minMagnitude: not a number");
        }
        return catalog.latest(minMagnitude, limit);
    }

    /**
     * Takes one event in the agency's format. Asynchronous, so that a request never waits for room: a web server has
     * few threads, and a caller that is told to come back later costs none.
     */
    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    CompletableFuture<Accepted> report(@RequestBody Feature feature) {
        Quake quake = FeatureTranslator.toQuake(feature);
        return publisher
                .publishAsync(quake)
                .thenApply(receipt -> new Accepted(
                        quake.id(), QuakeTopics.topicOf(quake), receipt.messageId(), receipt.subscriptions()));
    }

    /**
     * What became of a report.
     *
     * @param quakeId the event
     * @param topic where it was published to
     * @param messageId the message
     * @param subscriptions how many took a copy
     */
    record Accepted(String quakeId, String topic, String messageId, int subscriptions) {}
}

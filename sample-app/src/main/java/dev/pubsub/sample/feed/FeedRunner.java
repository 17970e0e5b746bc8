package dev.pubsub.sample.feed;

import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PublishCancelledException;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.sample.quake.Quake;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the source, and publishes what is new in it, oldest first, at its pace; then ends, or polls.
 *
 * <p>Nothing is lost: an event counts as known only once its publish has returned, and one that finds no room is
 * offered again, itself and before all that follow, until there is room. Whoever stops the run and runs it again goes
 * on where it stopped.
 */
final class FeedRunner {

    private static final Logger log = LoggerFactory.getLogger(FeedRunner.class);
    private static final Comparator<Quake> OLDEST_FIRST =
            Comparator.comparing(Quake::time).thenComparing(Quake::id);
    private static final Duration HOLD = Duration.ofMillis(100);

    private final FeedProperties properties;
    private final FeedSource source;
    private final Consumer<Quake> publisher;
    private final FeedProgress progress;
    private final Pace pace;
    private final KnownEvents known;

    FeedRunner(FeedProperties properties, FeedSource source, Consumer<Quake> publisher, FeedProgress progress) {
        this.properties = properties;
        this.source = source;
        this.publisher = publisher;
        this.progress = progress;
        this.pace = new Pace(properties.rate());
        this.known = new KnownEvents(2 * properties.maxEvents());
    }

    /** Returns when the feed has been read, if it is to be read once; otherwise only when interrupted. */
    void run() {
        try {
            while (true) {
                Duration pause = readAndPublish() ? properties.pollInterval() : properties.retryInterval();
                if (pause == null) {
                    progress.state(FeedStatus.State.DONE);
                    return;
                }
                progress.state(FeedStatus.State.WAITING);
                sleep(pause);
            }
        } catch (InterruptedException e) {
            progress.state(FeedStatus.State.STOPPED);
            Thread.currentThread().interrupt();
        }
    }

    private boolean readAndPublish() throws InterruptedException {
        progress.state(FeedStatus.State.READING);
        List<Quake> news;
        try {
            FeedSource.Reading reading = source.read();
            news = reading.quakes().stream()
                    .filter(known::isNews)
                    .sorted(OLDEST_FIRST)
                    .toList();
            progress.read(reading.passedOver());
            log.info(
                    "Read {} events from {}, {} of them new or updated, {} features passed over",
                    reading.quakes().size(),
                    properties.location(),
                    news.size(),
                    reading.passedOver());
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            progress.failed(e);
            log.warn(
                    "Reading {} failed, next try in {}: {}",
                    properties.location(),
                    properties.retryInterval(),
                    e.toString());
            return false;
        }
        progress.state(FeedStatus.State.PUBLISHING);
        for (Quake quake : news) {
            pace.await();
            publish(quake);
        }
        return true;
    }

    private void publish(Quake quake) throws InterruptedException {
        while (true) {
            try {
                publisher.accept(quake);
                known.remember(quake);
                progress.published();
                return;
            } catch (PublishTimeoutException | ConcurrencyLimitException | PubSubClosedException e) {
                // No room, or the engine is stopped for now: this event has to wait, and all that follow with it.
                if (progress.held() == 1) {
                    log.info("An event has to wait: {}", e.getMessage());
                }
                sleep(HOLD);
            } catch (InvalidMessageException e) {
                log.warn("Event {} cannot be published: {}", quake.id(), e.getMessage());
                known.remember(quake);
                return;
            } catch (PublishCancelledException e) {
                throw new InterruptedException();
            }
        }
    }

    private static void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
    }
}

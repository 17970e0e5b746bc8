package dev.pubsub.sample.feed;

import static dev.pubsub.sample.Features.quake;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.InvalidMessageException;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.PublishCancelledException;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.QueueFullException;
import dev.pubsub.sample.quake.Quake;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FeedRunnerTest {

    private static final Duration SOON = Duration.ofMillis(1);

    private final Deque<FeedSource> readings = new ConcurrentLinkedDeque<>();
    private final List<Quake> published = new CopyOnWriteArrayList<>();
    private final Deque<PubSubException> refusals = new ArrayDeque<>();
    private final Set<String> cancelled = new HashSet<>();
    private final FeedProgress progress = new FeedProgress();
    private @Nullable Thread thread;

    @AfterEach
    void stop() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    @Test
    void shouldPublishOldestFirstAndEndWhenThereIsNothingToPoll() {
        holds(quake("c", 3, 3), quake("a", 1, 1), quake("b", 2, 2));

        runner(null).run();

        assertThat(published).extracting(Quake::id).containsExactly("a", "b", "c");
        assertThat(status().state()).isEqualTo(FeedStatus.State.DONE);
        assertThat(status().published()).isEqualTo(3);
    }

    @Test
    void shouldPublishOnlyWhatIsNewOrUpdatedWhenItPollsAgain() {
        holds(quake("a", 1, 1), quake("b", 2, 2));
        holds(quake("a", 1, 1), quake("b", 2, 5), quake("c", 3, 3));
        holds(quake("a", 1, 1), quake("b", 2, 5), quake("c", 3, 3));

        start(runner(SOON));

        await().until(() -> status().reads() > 3);
        assertThat(published).extracting(Quake::id).containsExactly("a", "b", "b", "c");
    }

    @Test
    void shouldSurviveAFeedThatFails() {
        fails(new IOException("The feed answered 503"));
        fails(new IllegalStateException("nonsense"));
        holds(quake("a", 1, 1));

        runner(null).run();

        assertThat(published).hasSize(1);
        assertThat(status().failedReads()).isEqualTo(2);
        assertThat(status().lastError()).isNull();
    }

    @Test
    void shouldOfferAnEventThatFoundNoRoomAgainBeforeThoseThatFollow() {
        holds(quake("a", 1, 1), quake("b", 2, 2));
        refusals.add(new PublishTimeoutException("no room", null));
        refusals.add(new QueueFullException("catalog", "no room"));

        runner(null).run();

        assertThat(published).extracting(Quake::id).containsExactly("a", "b");
        assertThat(status().held()).isEqualTo(2);
    }

    @Test
    void shouldGoOnAfterAnEventThatCanNeverBePublished() {
        holds(quake("a", 1, 1), quake("b", 2, 2));
        refusals.add(new InvalidMessageException("its last segment is reserved"));

        runner(null).run();

        assertThat(published).extracting(Quake::id).containsExactly("b");
    }

    @Test
    void shouldGoOnWhereItWasStopped() {
        holds(quake("a", 1, 1), quake("b", 2, 2));
        FeedRunner runner = runner(null);
        cancelled.add("b");

        runner.run();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(status().state()).isEqualTo(FeedStatus.State.STOPPED);
        runner.run();

        assertThat(published).extracting(Quake::id).containsExactly("a", "b");
        assertThat(status().state()).isEqualTo(FeedStatus.State.DONE);
    }

    @Test
    void shouldEndAtOnceWhenInterruptedWhileItHoldsAnEvent() throws InterruptedException {
        holds(quake("a", 1, 1));
        for (int i = 0; i < 1_000; i++) {
            refusals.add(new PubSubClosedException("stopped"));
        }

        start(runner(null));
        await().until(() -> status().held() > 0);
        stop();

        assertThat(published).isEmpty();
        assertThat(status().state()).isEqualTo(FeedStatus.State.STOPPED);
    }

    private void holds(Quake... quakes) {
        readings.add(() -> new FeedSource.Reading(Arrays.asList(quakes), 0));
    }

    private void fails(Exception failure) {
        readings.add(() -> {
            if (failure instanceof IOException io) {
                throw io;
            }
            throw (RuntimeException) failure;
        });
    }

    private FeedRunner runner(@Nullable Duration pollInterval) {
        return new FeedRunner(properties(pollInterval, 10_000), this::read, this::publish, progress);
    }

    private void start(FeedRunner runner) {
        thread = new Thread(runner::run, "feed-under-test");
        thread.start();
    }

    private FeedStatus status() {
        return progress.status("test");
    }

    private FeedSource.Reading read() throws IOException {
        FeedSource next = readings.size() > 1 ? readings.remove() : readings.element();
        return next.read();
    }

    private void publish(Quake quake) {
        if (cancelled.remove(quake.id())) {
            throw new PublishCancelledException("interrupted", null);
        }
        PubSubException refusal = refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        published.add(quake);
    }

    private static FeedProperties properties(@Nullable Duration pollInterval, double rate) {
        return new FeedProperties(true, "test", rate, pollInterval, SOON, Duration.ofSeconds(1), 100, 1_000_000);
    }
}

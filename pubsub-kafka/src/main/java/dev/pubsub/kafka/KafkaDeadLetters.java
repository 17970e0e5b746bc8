package dev.pubsub.kafka;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.deadletter.MemoryDeadLetterStore;
import dev.pubsub.kafka.DeadLetterFormat.Entry;
import dev.pubsub.spi.DeadLetterStore;
import dev.pubsub.spi.EncodedPayload;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead letters in topics of their own, where every instance sees them; the latest of them are kept in memory, too, to
 * be browsed. A letter is in its topic, on all in-sync replicas, when {@link #persist} returns.
 *
 * <p>Concurrency: the index and {@code gone} are guarded by this object. The reader applies what it reads of the
 * topics, this instance's own records included: {@code gone} keeps what was removed here until the record that says so
 * was read.
 */
final class KafkaDeadLetters implements DeadLetterStore {

    private static final Logger log = LoggerFactory.getLogger(KafkaDeadLetters.class);
    private static final long PUT_SECONDS = 10;
    private static final int MAX_GONE = 10_000;

    private final KafkaSender sender;
    private final DeadLetterTopics topics;
    private final MemoryDeadLetterStore index;
    private final Map<String, Integer> gone = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MAX_GONE;
        }
    };

    KafkaDeadLetters(KafkaSender sender, DeadLetterTopics topics, int capacity, Duration retention) {
        this.sender = sender;
        this.topics = topics;
        this.index = new MemoryDeadLetterStore(capacity, retention);
    }

    @Override
    public void persist(DeadLetter letter) {
        if (!(letter.message().payload() instanceof EncodedPayload payload)) {
            throw new IllegalStateException("Only what came from Kafka can be kept there as a dead letter");
        }
        topics.ensure(DeadLetterFormat.topicOf(letter.message().topic(), letter.subscriptionId()));
        try {
            await(DeadLetterFormat.added(letter, payload, true));
        } catch (RecordTooLargeException tooLarge) {
            await(DeadLetterFormat.added(letter, payload, false));
        }
    }

    @Override
    public synchronized void put(DeadLetter letter) {
        gone.remove(letter.id());
        index.put(letter);
    }

    private void await(ProducerRecord<byte[], byte[]> record) {
        try {
            sender.send(record).get(PUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "Interrupted before " + record.topic() + " had the dead letter", interrupted);
        } catch (TimeoutException late) {
            throw new IllegalStateException(record.topic() + " did not take the dead letter in time", late);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RecordTooLargeException tooLarge) {
                throw tooLarge;
            }
            throw new IllegalStateException(record.topic() + " did not take the dead letter", failed.getCause());
        }
    }

    @Override
    public Optional<DeadLetter> remove(String id) {
        Optional<DeadLetter> removed;
        synchronized (this) {
            removed = index.remove(id);
            removed.ifPresent(letter -> gone.put(id, letter.replays()));
        }
        removed.ifPresent(this::tellGone);
        return removed;
    }

    /** Not awaited: where it is lost, the letter appears once more. */
    private void tellGone(DeadLetter letter) {
        var unused = sender.send(DeadLetterFormat.gone(letter)).whenComplete((done, failure) -> {
            if (failure != null) {
                log.warn(
                        "Dead letter {} is gone, but its topic could not be told, so that it may appear again: {}",
                        letter.id(),
                        failure.getClass().getName());
            }
        });
    }

    /** What was read of a topic. */
    synchronized void apply(Entry entry) {
        if (entry instanceof Entry.Gone removed) {
            Integer here = gone.get(removed.id());
            if (here != null && here <= removed.replays()) {
                gone.remove(removed.id());
            }
            if (index.get(removed.id())
                    .filter(letter -> letter.replays() <= removed.replays())
                    .isPresent()) {
                index.remove(removed.id());
            }
        } else if (entry instanceof Entry.Added added) {
            DeadLetter letter = added.letter();
            Integer here = gone.get(letter.id());
            boolean old = here != null && letter.replays() <= here;
            boolean known = index.get(letter.id())
                    .filter(present -> present.replays() >= letter.replays())
                    .isPresent();
            if (!old && !known) {
                index.put(letter);
            }
        }
    }

    @Override
    public synchronized Optional<DeadLetter> get(String id) {
        return index.get(id);
    }

    @Override
    public synchronized List<DeadLetter> find(DeadLetterQuery query) {
        return index.find(query);
    }

    @Override
    public synchronized long count(DeadLetterQuery query) {
        return index.count(query);
    }

    @Override
    public synchronized int size() {
        return index.size();
    }

    @Override
    public synchronized List<DeadLetter> evict(Instant now) {
        return index.evict(now);
    }
}

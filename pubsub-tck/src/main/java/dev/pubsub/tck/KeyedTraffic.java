package dev.pubsub.tck;

import dev.pubsub.PubSub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Numbered messages of many keys: what is published, and what is to be expected. */
record KeyedTraffic(int keys, int perKey) {

    private static final int PUBLISHERS = 8;

    static String key(int number) {
        return "key-" + number;
    }

    int size() {
        return keys * perKey;
    }

    Map<String, List<String>> expected() {
        Map<String, List<String>> expected = new TreeMap<>();
        List<String> numbers =
                IntStream.range(0, perKey).mapToObj(Integer::toString).toList();
        for (int key = 0; key < keys; key++) {
            expected.put(key(key), numbers);
        }
        return expected;
    }

    /** Publishes it, each key by one thread, so that it has an order. */
    void publish(PubSub engine, String topic, Duration patience) throws Exception {
        start(engine, topic).join(patience);
    }

    Crowd start(PubSub engine, String topic) {
        return Crowd.start(PUBLISHERS, publisher -> {
            for (int number = 0; number < perKey; number++) {
                for (int key = publisher; key < keys; key += PUBLISHERS) {
                    engine.publish(topic, key(key), Integer.toString(number));
                }
            }
        });
    }
}

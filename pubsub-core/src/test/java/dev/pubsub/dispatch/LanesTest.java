package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The table of key lanes does what a map does. */
class LanesTest {

    private final Lanes lanes = new Lanes();

    private Lane of(String key) {
        return lanes.of(key, key.hashCode());
    }

    private List<Object> keys() {
        List<Object> keys = new ArrayList<>();
        lanes.forEach(lane -> keys.add(lane.key));
        return keys;
    }

    @Test
    void aKeyHasOneLaneUntilThatIsRemoved() {
        Lane lane = of("a");

        assertThat(of("a")).isSameAs(lane);
        assertThat(of(new String("a"))).as("an equal key").isSameAs(lane);
        lanes.remove(lane);
        assertThat(of("a")).isNotSameAs(lane);
        assertThat(lanes.size()).isEqualTo(1);
    }

    @Test
    void keysOfOneHashHaveLanesOfTheirOwn() {
        Lane first = of("AaAa");
        Lane second = of("BBBB");
        Lane third = of("AaBB");
        assertThat("AaAa").hasSameHashCodeAs("BBBB").hasSameHashCodeAs("AaBB");

        lanes.remove(second);

        assertThat(of("AaAa")).isSameAs(first);
        assertThat(of("AaBB")).isSameAs(third);
        assertThat(lanes.size()).isEqualTo(2);
    }

    @Test
    void toRemoveWhatIsNotInHasNoEffect() {
        Lane removed = of("a");
        lanes.remove(removed);
        Lane present = of("a");

        lanes.remove(removed);

        assertThat(of("a")).isSameAs(present);
        assertThat(lanes.size()).isEqualTo(1);
    }

    @Test
    void someLaneIsFoundByWhatItIs() {
        of("a").busy = true;
        of("b");

        Lane found = lanes.any(lane -> !lane.busy);

        assertThat(found).isNotNull().satisfies(lane -> assertThat(lane.key).isEqualTo("b"));
        assertThat(lanes.any(lane -> lane.blocked > 0)).isNull();
    }

    @Test
    void itIsLikeAMapWhateverComesAndGoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<String, Lane> model = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            int many = step < 100_000 ? 20_000 : 50; // grows, and is nearly empty in the end
            String key = "key-" + random.nextInt(many);
            if (random.nextInt(3) > 0 && step < 190_000) {
                Lane expected = model.get(key);
                Lane lane = of(key);
                assertThat(expected == null || expected == lane)
                        .as("seed %d, step %d", seed, step)
                        .isTrue();
                model.put(key, lane);
            } else {
                Lane lane = model.remove(key);
                if (lane != null) {
                    lanes.remove(lane);
                }
            }
            assertThat(lanes.size()).as("seed %d, step %d", seed, step).isEqualTo(model.size());
        }
        assertThat(keys()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(model.keySet());
        new ArrayList<>(model.values()).forEach(lanes::remove);
        assertThat(lanes.size()).isZero();
        assertThat(keys()).isEmpty();
    }
}

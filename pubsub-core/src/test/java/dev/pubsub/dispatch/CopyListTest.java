package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.delivery.Attempt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CopyListTest {

    private static final int STEPS = 200_000;
    private static final long SEED = 20_261_126;

    private final Random random = new Random(SEED);
    private final CopyList list = new CopyList();
    private final List<Copy> model = new ArrayList<>();

    /** Every other copy is followed, so that it may be taken out of the middle. */
    @Test
    void doesAsAListWould() {
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(model.size() > 20 ? 10 : 8)) {
                case 0 -> {
                    Copy copy = copy();
                    list.addLast(copy);
                    model.add(copy);
                }
                case 1 -> {
                    Copy copy = copy();
                    list.addFirst(copy);
                    model.add(0, copy);
                }
                case 2 -> addBehindAny();
                case 3 -> addStack();
                case 4 -> removeAnyFollowed();
                case 5 -> pollUnfollowed();
                default -> poll();
            }
            compare();
        }
    }

    private void poll() {
        Copy copy = list.poll();
        Copy expected = model.isEmpty() ? null : model.remove(0);
        assertThat(copy == expected).as("the first one is polled").isTrue();
        if (copy != null) {
            assertAlone(copy);
        }
    }

    private void pollUnfollowed() {
        int most = 1 + random.nextInt(4);
        List<Copy> expected = model.stream()
                .limit(most)
                .takeWhile(copy -> copy.detailsIfAny() == null)
                .toList();
        List<Copy> polled = new ArrayList<>();
        for (Copy copy = list.pollUnfollowed(most); copy != null; copy = copy.next) {
            assertThat(copy.word()).isEqualTo(Attempt.TAKEN);
            polled.add(copy);
        }
        assertThat(ids(polled)).as("polled at once").isEqualTo(ids(expected));
        model.subList(0, expected.size()).clear();
    }

    private void addBehindAny() {
        if (!model.isEmpty()) {
            int index = random.nextInt(model.size());
            Copy copy = copy();
            list.addBehind(model.get(index), copy);
            model.add(index + 1, copy);
        }
    }

    private void addStack() {
        Copy top = null;
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            Copy copy = copy();
            copy.next = top;
            top = copy;
            model.add(copy);
        }
        if (top != null) {
            assertThat(list.addStack(top)).isEqualTo(count);
        }
    }

    private void removeAnyFollowed() {
        List<Copy> followed =
                model.stream().filter(copy -> copy.detailsIfAny() != null).toList();
        if (!followed.isEmpty()) {
            Copy copy = followed.get(random.nextInt(followed.size()));
            list.remove(copy);
            model.remove(copy);
            assertAlone(copy);
        }
    }

    private void compare() {
        List<Copy> seen = new ArrayList<>();
        list.forEach(seen::add);
        assertThat(ids(seen)).as("in the list").isEqualTo(ids(model));
        assertThat(list.size()).isEqualTo(model.size());
        assertThat(list.isEmpty()).isEqualTo(model.isEmpty());
        assertThat(list.first() == (model.isEmpty() ? null : model.get(0)))
                .as("the first one")
                .isTrue();
        for (int i = 0; i < model.size(); i++) {
            Copy.Details details = model.get(i).detailsIfAny();
            if (details != null) {
                assertThat(details.previous == (i == 0 ? null : model.get(i - 1)))
                        .as("before it")
                        .isTrue();
            }
        }
    }

    private static List<String> ids(List<Copy> copies) {
        return copies.stream().map(copy -> copy.message().id()).toList();
    }

    /** No copy that is out keeps another alive. */
    private static void assertAlone(Copy copy) {
        assertThat(copy.next == null).as("leads to none").isTrue();
        Copy.Details details = copy.detailsIfAny();
        if (details != null) {
            assertThat(details.previous == null).as("none before it").isTrue();
        }
    }

    @SuppressWarnings("NullAway") // it is not attempted: it needs no pipeline
    private Copy copy() {
        Copy copy = Copy.of(Message.of("t", "x"), null, Ordering.NONE, 0);
        if (random.nextBoolean()) {
            copy.details();
        }
        return copy;
    }
}

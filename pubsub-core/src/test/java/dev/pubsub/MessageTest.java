package dev.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pubsub.testing.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageTest {

    private static final String CANARY = "c4nary";

    @Test
    void messagesAreEqualByIdAlone() {
        Message<String> one = Message.builder("t", "x").id("same").build();
        Message<Integer> other =
                Message.builder("u", 2).id("same").key("k").header("h", "v").build();

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(Message.of("t", "x")).isNotEqualTo(Message.of("t", "x"));
        assertThat(one).isNotEqualTo(null).isNotEqualTo("same");
    }

    @Test
    void idsAreUniqueOverThreadsAndSortableByTheOrderOfCreationWithinEach() throws Exception {
        List<Caller<List<String>>> callers = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            callers.add(Caller.of(() -> IntStream.range(0, 20_000)
                    .mapToObj(i -> Message.of("t", i).id())
                    .toList()));
        }
        Set<String> all = new HashSet<>();
        for (Caller<List<String>> caller : callers) {
            assertThat(caller.result()).isSorted();
            all.addAll(caller.result());
        }
        assertThat(all).hasSize(80_000).allMatch(id -> id.length() <= 36 && id.matches("[0-9a-f-]+"));
    }

    @Test
    void idsSortByCreationWheneverTheyAreRead() {
        List<Message<Integer>> messages = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            messages.add(Message.of("t", i));
        }
        List<Message<Integer>> shuffled = new ArrayList<>(messages);
        Collections.shuffle(shuffled, new java.util.Random(42));
        shuffled.forEach(Message::id); // rendered in another order

        assertThat(messages).extracting(Message::id).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theIdStaysTheSame() {
        Message<String> message = Message.of("t", "x");
        assertThat(message.id()).isEqualTo(message.id());
        assertThat(message.withPayload(1).id()).isEqualTo(message.id());
        assertThat(message.withPayload(1)).isEqualTo(message);
    }

    @Test
    void toStringShowsNeitherPayloadNorKeyNorHeader() {
        Message<String> message = Message.builder("t", CANARY + "1")
                .key(CANARY + "2")
                .header("h", CANARY + "3")
                .header(CANARY, "v")
                .build();

        assertThat(message.toString())
                .contains(message.id(), "topic=t", "headers=2")
                .doesNotContain(CANARY);
    }

    // FAULTS 25
    @Test
    void headersCannotBeChanged() {
        Map<String, String> given = new HashMap<>(Map.of("a", "1"));
        Message.Builder<String> builder = Message.builder("t", "x").headers(given);
        Message<String> message = builder.build();

        given.put("a", "changed");
        builder.header("b", "added later");

        assertThat(message.headers()).containsOnly(Map.entry("a", "1"));
        assertThatThrownBy(() -> message.headers().put("b", "2")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> message.headers().remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> message.headers().entrySet().iterator().next().setValue("2"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> Message.of("t", "x").headers().put("b", "2"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void headersKeepTheirOrder() {
        Message<String> message = Message.builder("t", "x")
                .header("z", "1")
                .header("a", "2")
                .header("m", "3")
                .header("z", "4")
                .build();

        assertThat(message.headers()).containsExactly(Map.entry("z", "4"), Map.entry("a", "2"), Map.entry("m", "3"));
    }

    @Test
    void accessorsAnswerWhatWasGiven() {
        Instant time = Instant.parse("2026-01-02T03:04:05.678Z");
        Message<String> message = Message.builder("t", "x")
                .key("k")
                .id("mine")
                .timestamp(time.plusNanos(99))
                .build();

        assertThat(message.topic()).isEqualTo("t");
        assertThat(message.payload()).isEqualTo("x");
        assertThat(message.key()).isEqualTo("k");
        assertThat(message.id()).isEqualTo("mine");
        assertThat(message.timestamp()).isEqualTo(time);
        assertThat(Message.of("t", "x").key()).isNull();
        assertThat(Message.of("t", "x").headers()).isEmpty();
    }

    @Test
    void aBuilderMakesMessagesOfTheirOwn() {
        Message.Builder<String> builder = Message.builder("t", "x");
        assertThat(builder.build()).isNotEqualTo(builder.build());
    }

    @Test
    void aMessageWithoutTopicOrPayloadIsRefused() {
        assertThatThrownBy(() -> Message.of(null, "x"))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("topic is null");
        assertThatThrownBy(() -> Message.of("t", null))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("payload is null");
        assertThatThrownBy(() -> Message.builder("t", null)).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> Message.of("t", "x").withPayload(null)).isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void anIdOfTheCallersOwnHas1To255PrintableCharacters() {
        Message.Builder<String> builder = Message.builder("t", "x");
        assertThat(builder.id("x".repeat(255)).build().id()).hasSize(255);
        for (String id : new String[] {null, "", "x".repeat(256)}) {
            assertThatThrownBy(() -> builder.id(id))
                    .isInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining("255");
        }
        for (String evil : List.of("\r", "\n", "\u0000", "\u001b", "\u0085", "\u2028", "\u2029", "\ud800")) {
            assertThatThrownBy(() -> builder.id(CANARY + evil))
                    .as("U+%04X", (int) evil.charAt(0))
                    .isInstanceOf(InvalidMessageException.class)
                    .message()
                    .doesNotContain(CANARY, evil);
        }
    }

    @Test
    void aHeaderWithoutNameOrValueOrWithAReservedNameIsRefused() {
        Message.Builder<String> builder = Message.builder("t", "x");
        assertThatThrownBy(() -> builder.header(null, "v")).isInstanceOf(InvalidMessageException.class);
        assertThatThrownBy(() -> builder.header("h", null)).isInstanceOf(InvalidMessageException.class);
        for (String reserved : List.of("pubsub-topic", "PubSub-" + CANARY, "pubsub-")) {
            assertThatThrownBy(() -> builder.header(reserved, CANARY))
                    .isInstanceOf(InvalidMessageException.class)
                    .hasMessageContaining("pubsub-")
                    .message()
                    .doesNotContain(CANARY);
        }
        assertThat(builder.header("pubsub", "fine").build().headers()).hasSize(1);
    }

    @Test
    void aTimestampBeyondWhatMillisecondsHoldIsRefused() {
        assertThatThrownBy(() -> Message.builder("t", "x").timestamp(Instant.MAX))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("timestamp");
    }
}

package dev.pubsub.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetter.Reason;
import dev.pubsub.Message;
import dev.pubsub.Names;
import dev.pubsub.kafka.DeadLetterFormat.Entry;
import dev.pubsub.spi.EncodedPayload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** A dead letter in its topic says all that an operator needs. */
class DeadLetterFormatTest {

    private static final EncodedPayload PAYLOAD = EncodedPayload.of(
                    "{}".getBytes(StandardCharsets.UTF_8), EncodedPayload.JSON, null)
            .from("orders-1@7");

    private static DeadLetter letter() {
        return DeadLetter.builder(
                        "billing",
                        PAYLOAD.in(Message.builder("orders", "x")
                                .key("k")
                                .header("region", "eu")
                                .id("m-1")
                                .build()),
                        Reason.FAILURE)
                .id("dl-1")
                .attempts(3)
                .replays(2)
                .failedAt(Instant.ofEpochMilli(99))
                .exception("java.lang.IllegalStateException", "down", "at x", "abc")
                .build();
    }

    private static ConsumerRecord<byte[], byte[]> through(ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                0,
                1,
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
    }

    @Test
    void itComesBackWhole() {
        ProducerRecord<byte[], byte[]> record = DeadLetterFormat.added(letter(), PAYLOAD, true);

        Entry entry = DeadLetterFormat.read(through(record)).orElseThrow();

        assertThat(record.topic()).isEqualTo("orders.billing.dlt");
        assertThat(entry).isInstanceOfSatisfying(Entry.Added.class, added -> {
            DeadLetter read = added.letter();
            assertThat(read)
                    .usingRecursiveComparison()
                    .ignoringFields("message")
                    .isEqualTo(letter());
            assertThat(read.message().id()).isEqualTo("m-1");
            assertThat(read.message().topic()).isEqualTo("orders");
            assertThat(read.message().key()).isEqualTo("k");
            assertThat(read.message().headers()).containsOnlyKeys("region");
            assertThat(((EncodedPayload) read.message().payload()).text()).isEqualTo("{}");
            assertThat(((EncodedPayload) read.message().payload()).origin()).isEqualTo("orders-1@7");
        });
    }

    @Test
    void withoutItsStackItIsSmallerAndElseTheSame() {
        Entry entry = DeadLetterFormat.read(through(DeadLetterFormat.added(letter(), PAYLOAD, false)))
                .orElseThrow();

        assertThat(entry).isInstanceOfSatisfying(Entry.Added.class, added -> {
            assertThat(added.letter().stackTrace()).isNull();
            assertThat(added.letter().exceptionMessage()).isNull();
            assertThat(added.letter().fingerprint()).isEqualTo("abc");
        });
    }

    @Test
    void oneThatIsGoneIsFollowedByARecordWithoutAValueInTheSamePartition() {
        ProducerRecord<byte[], byte[]> record = DeadLetterFormat.gone(letter());

        assertThat(record.value()).isNull();
        assertThat(record.key()).isEqualTo("k".getBytes(StandardCharsets.UTF_8));
        assertThat(DeadLetterFormat.read(through(record))).contains(new Entry.Gone("dl-1", 2));
    }

    @Test
    void whatIsNoneOfOursIsPassedOver() {
        ProducerRecord<byte[], byte[]> foreign =
                new ProducerRecord<>("orders.billing.dlt", null, null, null, new byte[1], new RecordHeaders());
        ProducerRecord<byte[], byte[]> broken = DeadLetterFormat.added(letter(), PAYLOAD, true);
        broken.headers().remove("pubsub-dead-letter-reason");

        assertThat(DeadLetterFormat.read(through(foreign))).isEmpty();
        assertThat(DeadLetterFormat.read(through(broken))).isEmpty();
    }

    @Test
    void aNameThatIsTooLongIsCutAndStaysUnique() {
        String one = "a".repeat(240) + ".one";
        String other = "a".repeat(240) + ".two";

        String topic = DeadLetterFormat.topicOf(one, "billing");

        assertThat(topic)
                .hasSize(249)
                .endsWith(".billing.dlt")
                .isNotEqualTo(DeadLetterFormat.topicOf(other, "billing"));
        assertThat(Names.topicProblem(topic)).as("reserved for dead letters").contains("dlt");
    }
}

package dev.pubsub.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Message;
import dev.pubsub.spi.EncodedPayload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A message survives its way through a record, and any record is a message. */
class WireFormatTest {

    private static ConsumerRecord<byte[], byte[]> received(
            byte @Nullable [] key, byte @Nullable [] value, Headers headers, long timestamp) {
        return new ConsumerRecord<>(
                "orders", 3, 42, timestamp, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    private static ConsumerRecord<byte[], byte[]> through(ProducerRecord<byte[], byte[]> sent) {
        return received(sent.key(), sent.value(), sent.headers(), sent.timestamp());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aMessageArrivesAsItWasSent() {
        Message<EncodedPayload> sent = EncodedPayload.of(utf8("{}"), EncodedPayload.JSON, "parcel")
                .in(Message.builder("orders", "x")
                        .key("schlüssel")
                        .header("region", "eu")
                        .header("traceparent", "00-1-2-01")
                        .id("my-id")
                        .timestamp(Instant.ofEpochMilli(1_234))
                        .build());

        Message<EncodedPayload> got = WireFormat.toMessage(through(WireFormat.toRecord(sent)));

        assertThat(got.topic()).isEqualTo("orders");
        assertThat(got.key()).isEqualTo("schlüssel");
        assertThat(got.headers()).isEqualTo(sent.headers());
        assertThat(got.id()).isEqualTo("my-id");
        assertThat(got.timestamp()).isEqualTo(Instant.ofEpochMilli(1_234));
        assertThat(got.payload().text()).isEqualTo("{}");
        assertThat(got.payload().contentType()).isEqualTo(EncodedPayload.JSON);
        assertThat(got.payload().typeName()).isEqualTo("parcel");
        assertThat(got.payload().origin()).isEqualTo("orders-3@42");
    }

    @Test
    void aRecordOfAPlainClientIsAMessageWhoseIdIsWhereItLies() {
        Message<EncodedPayload> got = WireFormat.toMessage(received(null, utf8("plain"), new RecordHeaders(), 1));

        assertThat(got.id()).isEqualTo("orders-3@42");
        assertThat(got.key()).isNull();
        assertThat(got.headers()).isEmpty();
        assertThat(got.payload().contentType()).isNull();
    }

    @Test
    void theApplicationsOwnContentTypeIsItsAffair() {
        Message<EncodedPayload> sent = EncodedPayload.of(utf8("x"), EncodedPayload.TEXT, null)
                .in(Message.builder("orders", "x")
                        .header("Content-Type", "of the application")
                        .build());

        Message<EncodedPayload> got = WireFormat.toMessage(through(WireFormat.toRecord(sent)));

        assertThat(got.headers()).containsOnly(Map.entry("Content-Type", "of the application"));
        assertThat(got.payload().contentType()).isEqualTo(EncodedPayload.TEXT);
    }

    @Test
    void theContentTypeOfAPlainClientIsReadAndShown() {
        Message<EncodedPayload> got = WireFormat.toMessage(
                received(null, utf8("{}"), new RecordHeaders().add("content-type", utf8("application/json")), 1));

        assertThat(got.headers()).containsOnly(Map.entry("content-type", "application/json"));
        assertThat(got.payload().contentType()).isEqualTo("application/json");
    }

    @Test
    void aCloudEventOfAnotherProgramHasItsIdAndTypeFromThere() {
        Headers headers = new RecordHeaders()
                .add("ce_specversion", utf8("1.0"))
                .add("ce_id", utf8("A-1"))
                .add("ce_source", utf8("/billing"))
                .add("ce_type", utf8("invoice-paid"))
                .add("content-type", utf8("application/json"));

        Message<EncodedPayload> got = WireFormat.toMessage(received(null, utf8("{}"), headers, 1));

        assertThat(got.id()).isEqualTo("A-1");
        assertThat(got.payload().typeName()).isEqualTo("invoice-paid");
        assertThat(got.headers()).containsEntry("ce_source", "/billing");
    }

    @Test
    void theAttributesOfCloudEventsGoWithARecordOnRequest() {
        Message<EncodedPayload> sent = EncodedPayload.of(utf8("{}"), EncodedPayload.JSON, "parcel")
                .in(Message.builder("orders", "x")
                        .id("my-id")
                        .timestamp(Instant.ofEpochMilli(1_234))
                        .build());
        ProducerRecord<byte[], byte[]> record = WireFormat.toRecord(sent);

        CloudEvents.add(record.headers(), sent, "/shop");

        Message<EncodedPayload> got = WireFormat.toMessage(through(record));
        assertThat(got.headers())
                .containsOnly(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", "my-id"),
                        Map.entry("ce_source", "/shop"),
                        Map.entry("ce_type", "parcel"),
                        Map.entry("ce_time", "1970-01-01T00:00:01.234Z"));
        assertThat(got.id()).isEqualTo("my-id");
        assertThat(got.payload().typeName()).isEqualTo("parcel");
    }

    @Test
    void anAttributeThatTheApplicationHasSetItselfStays() {
        Message<EncodedPayload> sent = EncodedPayload.of(utf8("x"), EncodedPayload.TEXT, null)
                .in(Message.builder("orders", "x")
                        .header("ce_source", "/its-own")
                        .build());
        ProducerRecord<byte[], byte[]> record = WireFormat.toRecord(sent);

        CloudEvents.add(record.headers(), sent, "/shop");

        assertThat(WireFormat.toMessage(through(record)).headers())
                .containsEntry("ce_source", "/its-own")
                .containsEntry("ce_type", "orders");
    }

    @Test
    void aTombstoneHasAnEmptyPayload() {
        Message<EncodedPayload> got = WireFormat.toMessage(received(utf8("k"), null, new RecordHeaders(), 1));

        assertThat(got.payload().bytes()).isEmpty();
    }

    @Test
    void nothingInARecordIsTooStrange() {
        Headers headers = new RecordHeaders()
                .add("binary", new byte[] {(byte) 0xFF, 0})
                .add("nothing", null)
                .add("pubsub-unknown", utf8("x"))
                .add("pubsub-id", utf8("line\nbreak"))
                .add("twice", utf8("1"))
                .add("twice", utf8("2"));

        Message<EncodedPayload> got = WireFormat.toMessage(received(new byte[] {(byte) 0xFE}, utf8("x"), headers, -1));

        assertThat(got.id())
                .as("an id that could forge a line of the log is none")
                .isEqualTo("orders-3@42");
        assertThat(got.headers()).containsOnlyKeys("binary", "nothing", "twice").containsEntry("twice", "2");
        assertThat(got.timestamp()).isEqualTo(Instant.EPOCH);
        assertThat(got.key()).isEqualTo("\u00FE");
    }

    @Test
    void keysThatDifferAsBytesDifferAsText() {
        assertThat(WireFormat.text(new byte[] {(byte) 0xFE})).isNotEqualTo(WireFormat.text(new byte[] {(byte) 0xFF}));
        assertThat(WireFormat.text(utf8("ü"))).isEqualTo("ü");
    }
}

package dev.pubsub.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.benchmarks.jmh.Producers;
import dev.pubsub.benchmarks.peers.Bursts;
import dev.pubsub.benchmarks.peers.HandOver;
import dev.pubsub.benchmarks.peers.PeerKind;
import dev.pubsub.benchmarks.peers.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every peer delivers what the benchmarks publish, each batch counted and summed by the benchmarks' own means. */
class PeersTest {

    private static final int BATCH = 500;
    private static final long SUM_OF_ONE_PRODUCER = 500 * 501 / 2;
    private static final long SUM_OF_TWO = 2 * 250 * 251 / 2;

    @ParameterizedTest
    @EnumSource
    void shouldDeliverWhatOneProducerPublishes(PeerKind kind) throws Exception {
        try (Producers producers = new Producers(kind, 1, BATCH)) {
            assertThat(producers.batch()).isEqualTo(SUM_OF_ONE_PRODUCER);
            assertThat(producers.batch()).isEqualTo(SUM_OF_ONE_PRODUCER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverWhatTwoProducersPublish(PeerKind kind) throws Exception {
        try (Producers producers = new Producers(kind, 2, BATCH)) {
            assertThat(producers.batch()).isEqualTo(SUM_OF_TWO);
            assertThat(producers.batch()).isEqualTo(SUM_OF_TWO);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDeliverBursts(Bursts.Kind kind) throws Exception {
        Reading reading = new Reading(3);
        try (Bursts bursts = kind.open()) {
            for (int round = 0; round < 3; round++) {
                bursts.prepare(2);
                bursts.begin();
                assertThat(bursts.publish(reading)).isNotNull();
                assertThat(bursts.publish(reading)).isNotNull();
                bursts.finish(6);
            }
        }
    }

    @Test
    void shouldTimeAHandOver() {
        try (HandOver ours = HandOver.toOurs();
                HandOver queue = HandOver.toQueue()) {
            assertThat(ours.send(1)).isPositive();
            assertThat(queue.send(1)).isPositive();
        }
    }
}

package dev.pubsub.benchmarks.peers;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/** Vert.x' event bus without a cluster: a local consumer, and a codec that hands the object itself over. */
final class VertxBus implements Peer {

    private static final String ADDRESS = "readings";

    private final Vertx vertx = Vertx.vertx();
    private final EventBus bus = vertx.eventBus();

    VertxBus(Arrivals arrivals) {
        bus.registerDefaultCodec(Reading.class, new SameObject());
        bus.<Reading>localConsumer(ADDRESS, message -> arrivals.arrived(message.body()));
    }

    @Override
    public Object publish(Reading reading) {
        return bus.publish(ADDRESS, reading);
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private static final class SameObject implements MessageCodec<Reading, Reading> {

        @Override
        public void encodeToWire(Buffer buffer, Reading reading) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Reading decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Reading transform(Reading reading) {
            return reading;
        }

        @Override
        public String name() {
            return "same-object";
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}

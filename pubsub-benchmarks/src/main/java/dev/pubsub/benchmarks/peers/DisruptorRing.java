package dev.pubsub.benchmarks.peers;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.EventTranslatorOneArg;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import org.jspecify.annotations.Nullable;

/** A bare Disruptor: a ring of 1,024, many producers, a consumer that blocks when there is nothing. */
final class DisruptorRing implements Peer {

    private static final int CAPACITY = 1024;
    private static final EventTranslatorOneArg<Place, Reading> PUT =
            (place, sequence, reading) -> place.reading = reading;

    private final Disruptor<Place> disruptor = new Disruptor<>(
            Place::new, CAPACITY, Threads.daemons("disruptor"), ProducerType.MULTI, new BlockingWaitStrategy());
    private final RingBuffer<Place> ring;

    DisruptorRing(Arrivals arrivals) {
        disruptor.handleEventsWith((place, sequence, endOfBatch) -> arrivals.arrived(place.take()));
        ring = disruptor.start();
    }

    @Override
    public Object publish(Reading reading) {
        ring.publishEvent(PUT, reading);
        return reading;
    }

    @Override
    public void close() {
        disruptor.halt();
    }

    private static final class Place {

        private @Nullable Reading reading;

        Reading take() {
            Reading taken = reading;
            if (taken == null) {
                throw new IllegalStateException("An empty place was published");
            }
            return taken;
        }
    }
}

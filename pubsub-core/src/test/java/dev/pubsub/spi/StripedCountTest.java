package dev.pubsub.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class StripedCountTest {

    private final StripedCount striped = new StripedCount();

    @Test
    void beginsAtNothing() {
        assertThat(striped.sum()).isZero();
    }

    @Test
    void countsWhateverThreadComesAlsoWhereSeveralComeAtOnce() throws Exception {
        int count = 9; // more than there are stripes, so that some share one
        CyclicBarrier together = new CyclicBarrier(count);
        ExecutorService threads = Executors.newFixedThreadPool(count);
        List<Callable<Void>> counting = Collections.nCopies(count, () -> {
            together.await();
            for (int i = 0; i < 100_000; i++) {
                striped.increment();
            }
            return null;
        });

        for (Future<Void> done : threads.invokeAll(counting)) {
            done.get();
        }
        threads.shutdown();

        assertThat(striped.sum()).isEqualTo(900_000);
    }
}

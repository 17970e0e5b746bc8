package dev.pubsub.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StripedCountTest {

    private final StripedCount count = new StripedCount();

    @Test
    void beginsAtNothing() {
        assertThat(count.sum()).isZero();
    }

    @Test
    void countsWhateverThreadComes() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 9; i++) { // more than there are stripes, so that some share one
            threads.add(new Thread(() -> {
                for (int j = 0; j < 10_000; j++) {
                    count.increment();
                }
            }));
        }

        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(count.sum()).isEqualTo(90_000);
    }
}

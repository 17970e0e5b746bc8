package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkerTest {

    @Test
    @SuppressWarnings("NullAway") // it only sleeps: it needs no subscription
    void doesNotStayAwakeForTheNextMessageAfterALoneOneThatItWasWokenFor() {
        Worker worker = Worker.of(null, 1);
        assertThat(worker.mayLinger()).as("just begun").isTrue();

        worker.rest();
        worker.await(TimeUnit.MICROSECONDS.toNanos(100));
        assertThat(worker.mayLinger()).as("after a long sleep and one message").isFalse();

        worker.goesOn();
        assertThat(worker.mayLinger()).as("after two in a row").isTrue();
    }
}

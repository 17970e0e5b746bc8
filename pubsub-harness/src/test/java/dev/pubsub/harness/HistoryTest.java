package dev.pubsub.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    @Test
    void aHandlerThatIsInterruptedWhileItWritesDoesNotEndTheHistoryOfItsProcess(@TempDir Path directory)
            throws Exception {
        Path file = directory.resolve("i0.history");
        History history = new History(file, "i0");
        Thread.currentThread().interrupt();
        try {
            history.add(Event.Kind.ASSIGNED, 1, 10);
        } finally {
            assertThat(Thread.interrupted())
                    .as("it is still the handler's to see")
                    .isTrue();
        }
        history.add(Event.Kind.ASSIGNED, 2, 20);
        assertThat(History.read(file)).extracting(Event::partition).containsExactly(1, 2);
    }
}

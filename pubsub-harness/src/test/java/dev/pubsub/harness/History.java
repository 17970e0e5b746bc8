package dev.pubsub.harness;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a process did, in a file of its own. Each line is one {@code write} and nothing is kept in the process, so it
 * survives {@code kill -9} (the operating system has it, though not its disk). Safe for use by any thread, also one
 * that is interrupted, as handlers are: a channel would be closed by that, for all threads.
 */
final class History {

    private final String process;
    private final OutputStream file;

    History(Path path, String process) throws IOException {
        this.process = process;
        file = new FileOutputStream(path.toFile(), true);
    }

    /** Of a message, or of an attempt at it. */
    void add(Event.Kind kind, Work work, int attempt) {
        add(kind, work, attempt, -1, -1);
    }

    /** Of a partition. */
    void add(Event.Kind kind, int partition, long offset) {
        add(kind, null, 0, partition, offset);
    }

    /** The clock is read under the lock, so that the file is in the order of its times. */
    synchronized void add(Event.Kind kind, @Nullable Work work, int attempt, int partition, long offset) {
        String line = new Event(System.nanoTime(), process, kind, work, attempt, partition, offset).line() + "\n";
        try {
            file.write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static List<Event> read(Path path) throws IOException {
        try (var lines = Files.lines(path)) {
            return lines.map(Event::of).flatMap(Optional::stream).toList();
        }
    }
}

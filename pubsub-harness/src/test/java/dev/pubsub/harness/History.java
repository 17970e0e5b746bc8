package dev.pubsub.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a process did, in a file of its own. Each line is one {@code write} and nothing is kept in the process, so it
 * survives {@code kill -9} (the operating system has it, though not its disk). Safe for use by any thread.
 */
final class History {

    private final String process;
    private final FileChannel file;

    History(Path path, String process) throws IOException {
        this.process = process;
        file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
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
            file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
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

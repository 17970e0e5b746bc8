package dev.pubsub.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The examples of docs/testing.md are taken from tests, word for word, so that they compile and pass. */
class DocumentedExamplesTest {

    private static final Pattern EXAMPLE = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    @Test
    void eachExampleOfTheTestKitStandsInATestOfTheSample() throws IOException {
        List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("..", "docs", "testing.md")))
                .results()
                .map((MatchResult result) -> withoutSpaces(result.group(1)))
                .toList();
        assertThat(examples).hasSize(5);
        String tests = sources(Path.of("src", "test", "java"));

        assertThat(examples).allSatisfy(example -> assertThat(tests).contains(example));
    }

    private static String sources(Path folder) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(file -> {
                try {
                    all.append(withoutSpaces(Files.readString(file)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return all.toString();
    }

    /** Whatever the line breaks and the indentation. */
    private static String withoutSpaces(String text) {
        return text.replaceAll("\\s+", "");
    }
}

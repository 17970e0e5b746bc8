package dev.pubsub.sample.usgs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.pubsub.sample.Features;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureReaderTest {

    private final FeatureReader reader = new FeatureReader(1_000_000);
    private final List<Feature> features = new ArrayList<>();

    @Test
    void shouldReadTheWholeFeedOfTheAgency() throws IOException {
        try (InputStream document = getClass().getResourceAsStream("/usgs-all-week-2018-02-07.geojson")) {
            assertThat(reader.read(document, features::add)).isZero();
        }

        assertThat(features).hasSize(1707).extracting(Feature::id).doesNotHaveDuplicates();
    }

    @Test
    void shouldPassOverWhatSurroundsTheFeatures() throws IOException {
        String format = """
                {"bbox":[1,[2]],"metadata":{"features":[1,2]},"features":[%s],"more":{"x":[{}]}}""";

        int passedOver = read(format.formatted(Features.earthquake("a", 1)));

        assertThat(passedOver).isZero();
        assertThat(features).extracting(Feature::id).containsExactly("a");
    }

    @Test
    void shouldPassOverAFeatureOfTheWrongShapeAndReadTheNext() throws IOException {
        int passedOver = read(Features.collection(
                Features.earthquake("a", 1),
                "{\"id\":\"b\",\"properties\":{\"mag\":{\"value\":1}}}",
                "null",
                "[]",
                Features.earthquake("c", 2)));

        assertThat(passedOver).isEqualTo(3);
        assertThat(features).extracting(Feature::id).containsExactly("a", "c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{}", "<html>", "{\"features\":{}}", "{\"features\":[", "{\"features\":[{\"id\":"})
    void shouldFailOnWhatIsNoWholeFeatureCollection(String document) {
        assertThatIOException().isThrownBy(() -> read(document));
    }

    @Test
    void shouldFailOnADocumentThatIsTooLong() {
        FeatureReader strict = new FeatureReader(100_000);

        assertThatIOException().isThrownBy(() -> {
            try (InputStream document = getClass().getResourceAsStream("/usgs-all-week-2018-02-07.geojson")) {
                strict.read(document, features::add);
            }
        });
    }

    private int read(String document) throws IOException {
        return reader.read(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)), features::add);
    }
}

package dev.pubsub.sample.usgs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pubsub.sample.Features;
import dev.pubsub.sample.quake.Quake;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FeatureTranslatorTest {

    private final JsonMapper mapper = JsonMapper.shared();

    @Test
    void shouldTranslateAFeatureOfTheAgency() {
        Quake quake = translate(Features.feature("us1", "6.4", "quarry blast", Features.TIME, Features.TIME + 1));

        assertThat(quake)
                .isEqualTo(new Quake(
                        "us1",
                        "us",
                        "quarry blast",
                        6.4,
                        "18km NNE of Hualian, Taiwan",
                        Instant.ofEpochMilli(Features.TIME),
                        Instant.ofEpochMilli(Features.TIME + 1),
                        false,
                        121.6585,
                        24.1572,
                        17.0));
    }

    @Test
    void shouldTakeAnEventWhoseMagnitudeIsNotKnown() {
        assertThat(translate(Features.feature("us1", "null", "explosion", 0, 0)).magnitude())
                .isNull();
    }

    @Test
    void shouldNeedNoMoreThanIdNetworkTypeAndTime() {
        Quake quake = translate("""
                {"id":"us1","properties":{"net":"us","type":"earthquake","time":1000,"mag":null,"tsunami":null},
                 "geometry":{"coordinates":[null]}}""");

        assertThat(quake.updated()).isEqualTo(quake.time()).isEqualTo(Instant.ofEpochSecond(1));
        assertThat(quake.longitude()).isNull();
        assertThat(quake.tsunami()).isFalse();
    }

    @Test
    void shouldReadTheTsunamiFlag() {
        Quake quake = translate("""
                {"id":"us1","properties":{"net":"us","type":"earthquake","time":1000,"tsunami":1}}""");

        assertThat(quake.tsunami()).isTrue();
    }

    @Test
    void shouldNameEverythingThatIsWrongAtOnceAndRepeatNothingOfIt() {
        String json = """
                {"type":"Oops-secret","id":" ","properties":{"net":"---","mag":99,"time":9e17},
                 "geometry":{"coordinates":[1,200]}}""";

        assertThatExceptionOfType(InvalidFeatureException.class)
                .isThrownBy(() -> translate(json))
                .satisfies(e -> assertThat(e.problems())
                        .satisfiesExactlyInAnyOrder(
                                problem -> assertThat(problem).startsWith("type:"),
                                problem -> assertThat(problem).startsWith("id: missing"),
                                problem -> assertThat(problem).startsWith("properties.net:"),
                                problem -> assertThat(problem).startsWith("properties.type: missing"),
                                problem -> assertThat(problem).startsWith("properties.time:"),
                                problem -> assertThat(problem).startsWith("properties.mag:"),
                                problem -> assertThat(problem).startsWith("geometry.coordinates[1]:")))
                .withMessageNotContainingAny("secret", "99");
    }

    @Test
    void shouldRefuseAFeatureWithoutProperties() {
        assertThatExceptionOfType(InvalidFeatureException.class)
                .isThrownBy(() -> translate("{\"id\":\"us1\",\"properties\":null}"))
                .satisfies(e -> assertThat(e.problems()).containsExactly("properties: missing"));
    }

    private Quake translate(String json) {
        return FeatureTranslator.toQuake(mapper.readValue(json, Feature.class));
    }
}

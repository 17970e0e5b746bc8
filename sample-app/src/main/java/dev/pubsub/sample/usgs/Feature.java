package dev.pubsub.sample.usgs;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event in the agency's format, as far as this application reads it. Anything may be absent or null here,
 * magnitudes too; {@link FeatureTranslator} says what is needed.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Feature(
        @Nullable String type,
        @Nullable String id,
        @Nullable Properties properties,
        @Nullable Geometry geometry) {

    /** Times are milliseconds since 1970, UTC; {@code tsunami} is 1 or 0. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Properties(
            @Nullable Double mag,
            @Nullable String place,
            @Nullable Long time,
            @Nullable Long updated,
            @Nullable Integer tsunami,
            @Nullable String net,
            @Nullable String type) {}

    /** Longitude, latitude and depth, in degrees and kilometres. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Geometry(@Nullable List<@Nullable Double> coordinates) {}
}

package dev.pubsub.sample.feed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is read, and how fast.
 *
 * @param enabled whether the feed is read at all
 * @param location of a feature collection: {@code classpath:}, {@code file:} or an HTTP URL, such as the live feed's
 * @param rate events a second, at most
 * @param pollInterval how long after a read the next one begins; unset: the feed is read once
 * @param retryInterval how long after a read that failed the next one begins
 * @param readTimeout how long reading a feed over HTTP may take, in all
 * @param maxEvents a feed with more is refused; twice as many are remembered, to know what is new
 * @param maxBytes a feed longer than this is refused
 */
@ConfigurationProperties("quakewatch.feed")
public record FeedProperties(
        @DefaultValue("true") boolean enabled,

        @DefaultValue("classpath:usgs-all-week-2018-02-07.geojson")
        String location,

        @DefaultValue("200") double rate,
        @Nullable Duration pollInterval,
        @DefaultValue("10s") Duration retryInterval,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("25000") int maxEvents,
        @DefaultValue("67108864") long maxBytes) {

    public FeedProperties {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("quakewatch.feed.rate must be above 0");
        }
        requirePositive("poll-interval", pollInterval);
        requirePositive("retry-interval", retryInterval);
        requirePositive("read-timeout", readTimeout);
        if (maxEvents < 1) {
            throw new IllegalArgumentException("quakewatch.feed.max-events must be at least 1");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("quakewatch.feed.max-bytes must be at least 1");
        }
    }

    private static void requirePositive(String name, @Nullable Duration value) {
        if (value != null && (value.isZero() || value.isNegative())) {
            throw new IllegalArgumentException("quakewatch.feed." + name + " must be above 0");
        }
    }
}

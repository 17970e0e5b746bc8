package dev.pubsub.sample.feed;

import dev.pubsub.sample.quake.Quake;
import dev.pubsub.sample.usgs.FeatureReader;
import dev.pubsub.sample.usgs.FeatureTranslator;
import dev.pubsub.sample.usgs.InvalidFeatureException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ResourceLoader;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/** A feature collection in the agency's format: a resource of this application, a file, or fetched over HTTP. */
@Component
class GeoJsonFeed implements FeedSource {

    private static final Logger log = LoggerFactory.getLogger(GeoJsonFeed.class);

    private final FeedProperties properties;
    private final ResourceLoader resources;
    private final FeatureReader reader;
    private final RestClient http;

    GeoJsonFeed(FeedProperties properties, ResourceLoader resources) {
        this.properties = properties;
        this.resources = resources;
        this.reader = new FeatureReader(properties.maxBytes());
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(properties.readTimeout())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(client);
        requests.setReadTimeout(properties.readTimeout());
        this.http = RestClient.builder().requestFactory(requests).build();
    }

    @Override
    public Reading read() throws IOException {
        String location = properties.location();
        if (location.startsWith("http://") || location.startsWith("https://")) {
            return fetch(location);
        }
        try (InputStream document = resources.getResource(location).getInputStream()) {
            return parse(document);
        }
    }

    private Reading fetch(String location) throws IOException {
        Reading reading;
        try {
            reading = http.get().uri(location).exchange((request, response) -> {
                if (!response.getStatusCode().is2xxSuccessful()) {
                    throw new IOException(
                            "The feed answered " + response.getStatusCode().value());
                }
                return parse(response.getBody());
            });
        } catch (ResourceAccessException e) {
            // Says only which URL it was; its cause says what was wrong.
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
        if (reading == null) {
            throw new IOException("The feed gave no answer");
        }
        return reading;
    }

    private Reading parse(InputStream document) throws IOException {
        List<Quake> quakes = new ArrayList<>();
        int[] invalid = {0};
        int passedOver = reader.read(document, feature -> {
            if (quakes.size() == properties.maxEvents()) {
                throw new TooManyEventsException(properties.maxEvents());
            }
            try {
                quakes.add(FeatureTranslator.toQuake(feature));
            } catch (InvalidFeatureException e) {
                log.debug("A feature of the feed was passed over: {}", e.getMessage());
                invalid[0]++;
            }
        });
        return new Reading(quakes, passedOver + invalid[0]);
    }

    private static final class TooManyEventsException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooManyEventsException(int limit) {
            super("The feed holds more than " + limit + " events; raise quakewatch.feed.max-events");
        }
    }
}

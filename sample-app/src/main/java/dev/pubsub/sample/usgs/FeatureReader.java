package dev.pubsub.sample.usgs;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a feature collection, one feature at a time, so that the document itself is never held in memory. What
 * surrounds the features is passed over.
 */
public final class FeatureReader {

    private static final Logger log = LoggerFactory.getLogger(FeatureReader.class);

    private final JsonMapper mapper;

    /** A document longer than this is no feed, but a mistake or an attack. */
    public FeatureReader(long maxDocumentBytes) {
        this.mapper = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxDocumentLength(maxDocumentBytes)
                                .maxNestingDepth(32)
                                .maxStringLength(64 * 1024)
                                .build())
                        .build())
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // each feature is followed by the next
                .build();
    }

    /**
     * Hands over each feature, in the document's order. One that does not have the format's types is passed over, for
     * one agency's slip must not cost the whole feed.
     *
     * @return how many were passed over
     * @throws IOException if this is no feature collection, or it ends too early
     */
    public int read(InputStream document, Consumer<Feature> consumer) throws IOException {
        try (JsonParser parser = mapper.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("The feed is no JSON object");
            }
            int passedOver = 0;
            boolean found = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean features = parser.currentName().equals("features");
                if (parser.nextToken() == JsonToken.START_ARRAY && features) {
                    passedOver += readAll(parser, consumer);
                    found = true;
                } else {
                    parser.skipChildren();
                }
            }
            if (!found) {
                throw new IOException("The feed has no array named features");
            }
            return passedOver;
        } catch (JacksonException e) {
            throw new IOException("The feed is no JSON, or ends too early: " + e.getOriginalMessage(), e);
        }
    }

    private int readAll(JsonParser parser, Consumer<Feature> consumer) {
        int passedOver = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            // First to a tree: then a feature of the wrong shape has been read to its end, and the next can follow.
            var tree = mapper.readTree(parser);
            Feature feature;
            try {
                feature = mapper.treeToValue(tree, Feature.class);
            } catch (JacksonException e) {
                log.debug("A feature of the feed was passed over: {} does not have its type", e.getPathReference());
                passedOver++;
                continue;
            }
            if (feature == null) {
                passedOver++;
                continue;
            }
            consumer.accept(feature);
        }
        return passedOver;
    }
}

package dev.pubsub.sample;

import dev.pubsub.sample.quake.Quake;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Events for tests, as objects and in the agency's format. */
public final class Features {

    /** 6 February 2018, 15:50:43 UTC. */
    public static final long TIME = 1_517_932_243_000L;

    private Features() {}

    public static String collection(String... features) {
        return Arrays.stream(features)
                .collect(Collectors.joining(",", "{\"type\":\"FeatureCollection\",\"features\":[", "]}"));
    }

    public static String earthquake(String id, double magnitude) {
        return feature(id, String.valueOf(magnitude), "earthquake", TIME, TIME);
    }

    public static String feature(String id, String magnitude, String type, long time, long updated) {
        String format = """
                {"type":"Feature","id":"%s","properties":{"mag":%s,"place":"18km NNE of Hualian, Taiwan","time":%d,\
                "updated":%d,"tz":480,"felt":null,"tsunami":0,"net":"us","code":"x","type":"%s"},\
                "geometry":{"type":"Point","coordinates":[121.6585,24.1572,17]}}""";
        return format.formatted(id, magnitude, time, updated, type);
    }

    public static Quake quake(String id, long time, long updated) {
        return new Quake(
                id,
                "us",
                "earthquake",
                4.6,
                "Hualian",
                Instant.ofEpochMilli(time),
                Instant.ofEpochMilli(updated),
                false,
                121.6,
                24.1,
                17.0);
    }
}

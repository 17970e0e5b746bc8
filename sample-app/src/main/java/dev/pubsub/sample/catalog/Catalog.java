package dev.pubsub.sample.catalog;

import dev.pubsub.sample.quake.Quake;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of events. */
@Repository
public class Catalog {

    private final JdbcClient jdbc;

    Catalog(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Keeps the event, in its latest version only. Idempotent, for a message may be delivered again; and an old version
     * never replaces a newer one, for a dead letter may be replayed much later.
     */
    public void save(Quake quake) {
        jdbc.sql("""
                MERGE INTO quake AS kept
                USING (VALUES (:id, :net, :type, CAST(:magnitude AS DOUBLE PRECISION), :place,
                        CAST(:happened AS TIMESTAMP WITH TIME ZONE), CAST(:updated AS TIMESTAMP WITH TIME ZONE),
                        :tsunami, CAST(:longitude AS DOUBLE PRECISION), CAST(:latitude AS DOUBLE PRECISION),
                        CAST(:depth AS DOUBLE PRECISION)))
                    AS given (id, net, type, magnitude, place, happened, updated, tsunami,
                        longitude, latitude, depth_km)
                ON kept.id = given.id
                WHEN MATCHED AND kept.updated <= given.updated THEN UPDATE SET
                    net = given.net, type = given.type, magnitude = given.magnitude, place = given.place,
                    happened = given.happened, updated = given.updated, tsunami = given.tsunami,
                    longitude = given.longitude, latitude = given.latitude, depth_km = given.depth_km
                WHEN NOT MATCHED THEN INSERT
                    (id, net, type, magnitude, place, happened, updated, tsunami, longitude, latitude, depth_km)
                    VALUES (given.id, given.net, given.type, given.magnitude, given.place, given.happened,
                        given.updated, given.tsunami, given.longitude, given.latitude, given.depth_km)
                """)
                .param("id", quake.id())
                .param("net", quake.net())
                .param("type", quake.type())
                .param("magnitude", quake.magnitude())
                .param("place", quake.place())
                .param("happened", utc(quake.time()))
                .param("updated", utc(quake.updated()))
                .param("tsunami", quake.tsunami())
                .param("longitude", quake.longitude())
                .param("latitude", quake.latitude())
                .param("depth", quake.depthKm())
                .update();
    }

    /** The latest events, newest first, of this magnitude or above; null: of any magnitude, or none. */
    public List<Quake> latest(@Nullable Double minMagnitude, int limit) {
        return jdbc.sql("""
                SELECT * FROM quake
                WHERE :minMagnitude IS NULL OR magnitude >= :minMagnitude
                ORDER BY happened DESC, id
                LIMIT :limit
                """)
                .param("minMagnitude", minMagnitude)
                .param("limit", limit)
                .query((row, number) -> quake(row))
                .list();
    }

    public long count() {
        return jdbc.sql("SELECT COUNT(*) FROM quake").query(Long.class).single();
    }

    private static Quake quake(ResultSet row) throws SQLException {
        return new Quake(
                row.getString("id"),
                row.getString("net"),
                row.getString("type"),
                row.getObject("magnitude", Double.class),
                row.getString("place"),
                instant(row, "happened"),
                instant(row, "updated"),
                row.getBoolean("tsunami"),
                row.getObject("longitude", Double.class),
                row.getObject("latitude", Double.class),
                row.getObject("depth_km", Double.class));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}

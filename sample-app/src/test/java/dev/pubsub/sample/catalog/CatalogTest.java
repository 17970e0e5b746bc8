package dev.pubsub.sample.catalog;

import static dev.pubsub.sample.Features.quake;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.sample.quake.Quake;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

class CatalogTest {

    private final EmbeddedDatabase database = new EmbeddedDatabaseBuilder()
            .setType(EmbeddedDatabaseType.H2)
            .generateUniqueName(true)
            .addScript("schema.sql")
            .build();
    private final Catalog catalog = new Catalog(JdbcClient.create(database));

    @AfterEach
    void shutDown() {
        database.shutdown();
    }

    @Test
    void shouldKeepAnEventAsItWasGiven() {
        catalog.save(quake("a", 1_000, 2_000));

        assertThat(catalog.latest(null, 10)).containsExactly(quake("a", 1_000, 2_000));
    }

    @Test
    void shouldKeepAnEventOfWhichLittleIsKnown() {
        Quake quake =
                new Quake("a", "nn", "quarry blast", null, null, Instant.EPOCH, Instant.EPOCH, true, null, null, null);

        catalog.save(quake);

        assertThat(catalog.latest(null, 10)).containsExactly(quake);
        assertThat(catalog.latest(-10.0, 10)).isEmpty();
    }

    @Test
    void shouldKeepAnEventOnceHoweverOftenItIsSaved() {
        catalog.save(quake("a", 1, 1));
        catalog.save(quake("a", 1, 1));

        assertThat(catalog.count()).isEqualTo(1);
    }

    @Test
    void shouldKeepTheLaterVersionWhicheverComesFirst() {
        catalog.save(quake("a", 1, 1));
        catalog.save(quake("a", 3, 3));
        catalog.save(quake("a", 2, 2));

        assertThat(catalog.latest(null, 10)).containsExactly(quake("a", 3, 3));
    }

    @Test
    void shouldListTheNewestFirstUpToTheLimitAndFromTheMagnitude() {
        for (int i = 1; i <= 5; i++) {
            catalog.save(quake("q" + i, i, i));
        }

        assertThat(catalog.latest(4.6, 2)).extracting(Quake::id).containsExactly("q5", "q4");
        assertThat(catalog.latest(4.7, 2)).isEmpty();
    }
}

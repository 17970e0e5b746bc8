package dev.pubsub.sample.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.sample.Features;
import dev.pubsub.sample.RunningApp;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The profile kafka, in processes of its own. Both instances keep their catalog in one database, so that one can see
 * what has become of every event, whoever handled it.
 */
class TwoInstancesTest {

    private static final Pattern BROKER = Pattern.compile("started a Kafka broker of its own, at (\\S+)\\. ");
    private static final int NETS = 8;

    @TempDir
    Path logs;

    private Server database;
    private String url;
    private Connection connection;

    @BeforeEach
    void startDatabase() throws SQLException {
        database = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        url = "jdbc:h2:tcp://localhost:" + database.getPort() + "/mem:quakes";
        connection = DriverManager.getConnection(url, "sa", ""); // the database is there as long as it is connected to
    }

    @AfterEach
    void stopDatabase() throws SQLException {
        connection.close();
        database.stop();
    }

    private Instance start(String name, String... more) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "--quakewatch.feed.enabled=false",
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=sa",
                "--spring.datasource.generate-unique-name=false",
                "--spring.sql.init.mode=always",
                "--spring.kafka.consumer.properties.[session.timeout.ms]=6000",
                "--spring.kafka.consumer.properties.[heartbeat.interval.ms]=500"));
        arguments.addAll(List.of(more));
        return Instance.start(logs.resolve(name + ".txt"), arguments);
    }

    private static void report(RunningApp app, int number) {
        app.report(
                Features.earthquake("e" + number, 4.0).replace("\"net\":\"us\"", "\"net\":\"n" + number % NETS + "\""));
    }

    private int catalogued() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM quake")) {
            result.next();
            return result.getInt(1);
        }
    }

    @Test
    void shouldShareTheWorkAndLoseNothingWhenOneIsKilled() throws Exception {
        try (Instance first = start("first")) {
            String broker = first.awaitInLog(BROKER);
            try (Instance second = start("second", "--spring.kafka.bootstrap-servers=" + broker)) {
                int events = reportUntilBothHaveWorked(first.app(), second.app());
                int before = events;
                second.kill(); // with whatever it was at

                for (; events < before + 200; events++) {
                    report(first.app(), events);
                }
                int all = events;
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(catalogued()).isEqualTo(all));
            }
            assertThat(first.app().engine().get("ledger").stringValue()).isEqualTo("BALANCED");
            assertThat(first.app().engine().get("transport").stringValue()).isEqualTo("kafka");

            shouldReplayWhatTheGatewayRefused(first.app());
        }
    }

    private int reportUntilBothHaveWorked(RunningApp first, RunningApp second) {
        int events = 0;
        while (first.figure("catalog", "completed") < 50 || second.figure("catalog", "completed") < 50) {
            assertThat(events).as("events, and both have not had 50 of them").isLessThan(20_000);
            for (int i = 0; i < 50; i++) {
                report(first, events++);
            }
        }
        return events;
    }

    private static void shouldReplayWhatTheGatewayRefused(RunningApp app) {
        app.gateway("down");
        app.report(Features.earthquake("strong", 6.5));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(app.deadLetters("alerts")).hasSize(1));
        JsonNode letter = app.deadLetters("alerts").get(0);
        assertThat(letter.get("reason").stringValue()).isEqualTo("FAILURE");
        assertThat(letter.at("/message/topic").stringValue()).isEqualTo("quakes.us.earthquake");

        app.gateway("up");
        app.replay(letter);

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(app.gateway().get("sent").longValue()).isEqualTo(1);
            assertThat(app.deadLetters("alerts")).isEmpty();
        });
    }
}

package dev.pubsub.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.DeadLetter;
import dev.pubsub.DeadLetterQuery;
import dev.pubsub.PubSub;
import dev.pubsub.RejectMessageException;
import dev.pubsub.kafka.autoconfigure.PubSubKafkaAutoConfiguration;
import dev.pubsub.spring.Subscribe;
import dev.pubsub.spring.autoconfigure.PubSubAutoConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An SSL bundle of Spring Boot's is all that our clients need to talk to a broker by TLS. */
class KafkaTlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    static class Notes {

        final List<String> received = new CopyOnWriteArrayList<>();

        @Subscribe(id = "tls", value = "notes.tls")
        void on(String note) {
            if (note.equals("bad")) {
                throw new RejectMessageException("as it is meant");
            }
            received.add(note);
        }
    }

    /** A key pair with a certificate of its own for localhost; who has the store can also trust it. */
    private Path keyStore() throws Exception {
        Path store = directory.resolve("broker.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString());
        Process keytool = new ProcessBuilder(command).inheritIO().start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        return store;
    }

    @Test
    void everyClientOfOursTakesTheBundle() throws Exception {
        Path store = keyStore();
        try (BrokerProcess broker = new BrokerProcess(Map.of(
                "ssl.keystore.location",
                store.toString(),
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.password",
                PASSWORD))) {
            broker.start();
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            PubSubAutoConfiguration.class,
                            PubSubKafkaAutoConfiguration.class,
                            KafkaAutoConfiguration.class,
                            SslAutoConfiguration.class))
                    .withBean("notes", Notes.class)
                    .withPropertyValues(
                            "pubsub.transport=kafka",
                            "pubsub.publisher.timeout=20s",
                            "spring.kafka.bootstrap-servers=" + broker.tlsAddress(),
                            "spring.kafka.security.protocol=SSL",
                            "spring.kafka.ssl.bundle=broker",
                            "spring.ssl.bundle.jks.broker.truststore.location=file:" + store,
                            "spring.ssl.bundle.jks.broker.truststore.type=PKCS12",
                            "spring.ssl.bundle.jks.broker.truststore.password=" + PASSWORD)
                    .run(context -> {
                        PubSub pubSub = context.getBean(PubSub.class);
                        pubSub.publish("notes.tls", "good"); // producer and admin client
                        pubSub.publish("notes.tls", "bad");

                        List<String> received = context.getBean(Notes.class).received; // consumer
                        await().atMost(Duration.ofSeconds(30)).until(() -> received.contains("good"));
                        await().atMost(Duration.ofSeconds(30)) // its topic, and the consumer that reads it
                                .until(() -> pubSub.deadLetters().size() == 1);
                        assertThat(pubSub.deadLetters().find(DeadLetterQuery.all()))
                                .extracting(DeadLetter::subscriptionId)
                                .containsExactly("tls");
                    });
        }
    }
}

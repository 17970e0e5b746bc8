package dev.pubsub.kafka;

import java.io.IOException;

/** Kafka's own server, which ends with its driver: when nobody holds the other end of its standard input any more. */
final class BrokerMain {

    private BrokerMain() {}

    public static void main(String[] args) {
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {}
            } catch (IOException closed) {
                // the same
            }
            Runtime.getRuntime().halt(1);
        });
        watch.setDaemon(true);
        watch.start();
        kafka.Kafka.main(args);
    }
}

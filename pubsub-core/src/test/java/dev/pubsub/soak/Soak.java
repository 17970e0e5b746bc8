package dev.pubsub.soak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/** The program of the JVM that is soaked: a third of the time for fairness, the rest under overload. */
final class Soak {

    private Soak() {}

    public static void main(String[] args) throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        Duration length = Duration.ofSeconds(Long.parseLong(args[0]));
        Figures figures = new Figures();
        figures.put("seconds", length.toSeconds());
        figures.put("cores", Runtime.getRuntime().availableProcessors());
        figures.put("Java", Runtime.version().feature());
        figures.put("largest heap, KB", Runtime.getRuntime().maxMemory() / 1_024);
        try {
            new Fairness().run(length.dividedBy(3), figures);
            new Overload().run(length.multipliedBy(2).dividedBy(3), figures);
        } catch (Throwable thrown) { // threads that hang are no daemons' affair: whatever fails must end the JVM
            thrown.printStackTrace(System.out);
            System.out.println(figures);
            System.exit(1);
        }
        System.out.println(figures);
        System.exit(0);
    }
}

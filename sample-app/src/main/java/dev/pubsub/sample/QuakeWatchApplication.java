package dev.pubsub.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Quake Watch. Run it, then look at {@code /actuator/pubsub}. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class QuakeWatchApplication {

    public static void main(String[] args) {
        SpringApplication.run(QuakeWatchApplication.class, args);
    }
}

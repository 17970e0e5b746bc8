package dev.pubsub.sample.gateway;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway's settings.
 *
 * @param port on the loopback interface; 0: any that is free
 * @param slowDelay how long an answer takes in mode {@code slow}
 * @param hangAtMost how long a call is held in mode {@code hang}, unless the mode changes before
 */
@ConfigurationProperties("quakewatch.gateway")
public record GatewayProperties(
        @DefaultValue("0") int port,
        @DefaultValue("500ms") Duration slowDelay,
        @DefaultValue("30s") Duration hangAtMost) {}

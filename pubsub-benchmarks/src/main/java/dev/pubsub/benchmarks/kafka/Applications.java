package dev.pubsub.benchmarks.kafka;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Spring Boot applications, as a user would start one. */
final class Applications {

    private Applications() {}

    static ConfigurableApplicationContext open(
            Class<?> configuration, KafkaCase.Work work, Map<String, Object> more, Object... beans) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("spring.kafka.bootstrap-servers", work.address());
        settings.put("bench.topic", work.topic());
        settings.put("bench.group", "group-" + System.nanoTime());
        settings.put("logging.level.root", "warn");
        return new SpringApplicationBuilder(configuration)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties(settings)
                .initializers(context -> {
                    for (int i = 0; i < beans.length; i++) {
                        context.getBeanFactory().registerSingleton("bean" + i, beans[i]);
                    }
                })
                .run();
    }
}

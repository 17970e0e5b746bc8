package dev.pubsub.benchmarks.peers;

import java.util.Map;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Spring Boot applications, as a user would start one, without a web server. */
final class Contexts {

    private Contexts() {}

    /** An application in which the handlers find these objects, for example what they report to, as beans. */
    static ConfigurableApplicationContext open(Class<?> configuration, Object... beans) {
        return open(configuration, Map.of(), beans);
    }

    /** An application of Spring's own means: no engine of ours beside it. */
    static ConfigurableApplicationContext openWithoutPubSub(Class<?> configuration, Object... beans) {
        return open(configuration, Map.of("pubsub.enabled", "false"), beans);
    }

    private static ConfigurableApplicationContext open(
            Class<?> configuration, Map<String, Object> settings, Object... beans) {
        return new SpringApplicationBuilder(configuration)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties(settings)
                .initializers(context -> register(context.getBeanFactory(), beans))
                .run();
    }

    private static void register(ConfigurableListableBeanFactory factory, Object... beans) {
        for (int i = 0; i < beans.length; i++) {
            factory.registerSingleton("bean" + i, beans[i]);
        }
    }
}

package dev.pubsub.console;

import dev.pubsub.PubSub;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.server.WebHandler;

/** The endpoint {@code pubsubconsole}, a short address for it, and a warning where anyone may use it. */
@AutoConfiguration(afterName = "dev.pubsub.spring.autoconfigure.PubSubEndpointAutoConfiguration")
@ConditionalOnClass({ConditionalOnAvailableEndpoint.class, PathMappedEndpoints.class})
@ConditionalOnBean(PubSub.class)
@ConditionalOnWebApplication
@ConditionalOnAvailableEndpoint(endpoint = ConsoleEndpoint.class)
@ImportRuntimeHints(ConsoleRuntimeHints.class)
public final class PubSubConsoleAutoConfiguration {

    /** Behind the application's own handlers, which may use the path, and before its static resources. */
    private static final int REDIRECT_ORDER = Ordered.LOWEST_PRECEDENCE - 100;

    private static final String SHORT = "/pubsub";

    PubSubConsoleAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    ConsoleEndpoint pubSubConsoleEndpoint(ObjectProvider<PathMappedEndpoints> endpoints, Environment environment) {
        return new ConsoleEndpoint(new ConsolePage(
                id -> ConsolePaths.rootPathOf(endpoints, id),
                () -> environment.getProperty("spring.application.name", "")));
    }

    @Bean
    OpenConsoleWarning pubSubOpenConsoleWarning(
            ListableBeanFactory beans, ObjectProvider<PathMappedEndpoints> endpoints) {
        return new OpenConsoleWarning(beans, () -> ConsolePaths.pathOf(endpoints, ConsoleEndpoint.ID));
    }

    /**
     * Relative, since a proxy may serve the application below any prefix: {@link #SHORT} is one segment of its root.
     */
    private static String target(ObjectProvider<PathMappedEndpoints> endpoints) {
        return "." + Objects.requireNonNullElse(ConsolePaths.pathOf(endpoints, ConsoleEndpoint.ID), "/");
    }

    /** {@code /pubsub} on Spring MVC. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    @ConditionalOnClass(org.springframework.web.servlet.handler.SimpleUrlHandlerMapping.class)
    @ConditionalOnManagementPort(ManagementPortType.SAME)
    static class ServletRedirect {

        @Bean
        org.springframework.web.servlet.handler.SimpleUrlHandlerMapping pubSubConsoleRedirect(
                ObjectProvider<PathMappedEndpoints> endpoints) {
            HttpRequestHandler redirect = (request, response) -> redirect(response, target(endpoints));
            return new org.springframework.web.servlet.handler.SimpleUrlHandlerMapping(
                    Map.of(SHORT, redirect), REDIRECT_ORDER);
        }

        /** Not {@code sendRedirect}, which may make an absolute address of it. */
        private static void redirect(jakarta.servlet.http.HttpServletResponse response, String location)
                throws IOException {
            response.setStatus(HttpStatus.FOUND.value());
            response.setHeader("Location", location);
            response.flushBuffer();
        }
    }

    /** {@code /pubsub} on WebFlux. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    @ConditionalOnClass(org.springframework.web.reactive.handler.SimpleUrlHandlerMapping.class)
    @ConditionalOnManagementPort(ManagementPortType.SAME)
    static class ReactiveRedirect {

        @Bean
        org.springframework.web.reactive.handler.SimpleUrlHandlerMapping pubSubConsoleRedirect(
                ObjectProvider<PathMappedEndpoints> endpoints) {
            WebHandler redirect = exchange -> {
                exchange.getResponse().setStatusCode(HttpStatus.FOUND);
                exchange.getResponse().getHeaders().setLocation(URI.create(target(endpoints)));
                return exchange.getResponse().setComplete();
            };
            return new org.springframework.web.reactive.handler.SimpleUrlHandlerMapping(
                    Map.of(SHORT, redirect), REDIRECT_ORDER);
        }
    }
}

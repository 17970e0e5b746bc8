package dev.pubsub.spring.actuate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;

/** Says on WebFlux what {@link EndpointProblemResolver} says on Spring MVC. */
public final class EndpointProblemHandler implements WebExceptionHandler, Ordered {

    private final Supplier<List<String>> paths;

    /** With the paths of the endpoints, asked for when a request has failed. */
    public EndpointProblemHandler(Supplier<List<String>> paths) {
        this.paths = paths;
    }

    /** Before Spring Boot's own, which would answer without a word. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 100;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        RefusedRequest refused = refused(failure);
        ServerHttpResponse response = exchange.getResponse();
        if (refused == null || response.isCommitted() || !isOurs(exchange)) {
            return Mono.error(failure);
        }
        if (failure instanceof MethodNotAllowedException unsupported) {
            response.getHeaders().setAllow(unsupported.getSupportedMethods());
        }
        response.setStatusCode(refused.status());
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        byte[] body = refused.json().getBytes(StandardCharsets.UTF_8);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
    }

    private static @Nullable RefusedRequest refused(Throwable failure) {
        if (failure instanceof MethodNotAllowedException unsupported) {
            return RefusedRequest.method(unsupported.getSupportedMethods().stream()
                    .map(HttpMethod::name)
                    .toList());
        }
        if (failure instanceof ServerWebInputException) {
            return RefusedRequest.body();
        }
        return failure instanceof UnsupportedMediaTypeStatusException ? RefusedRequest.mediaType() : null;
    }

    /** Without a base path that the application or the management server has: endpoints do not know of that. */
    private boolean isOurs(ServerWebExchange exchange) {
        return RefusedRequest.isBelow(
                paths.get(),
                exchange.getRequest().getPath().pathWithinApplication().value());
    }
}

package dev.pubsub.console;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** The console's headers, in whichever context serves the endpoints. */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnAvailableEndpoint(endpoint = ConsoleEndpoint.class)
class ReactiveManagementConfiguration {

    static final String CSRF_TOKEN = "org.springframework.security.web.server.csrf.CsrfToken";

    /** After Spring Security's, which leaves its token in the exchange. */
    @Bean
    HeadersFilter pubSubConsoleHeadersFilter(ObjectProvider<PathMappedEndpoints> endpoints) {
        return new HeadersFilter(() -> ConsolePaths.pathOf(endpoints, ConsoleEndpoint.ID));
    }

    /** Sets the headers, and hands Spring Security's token to the page. */
    static final class HeadersFilter implements WebFilter {

        private static final boolean SECURITY = ClassUtils.isPresent(CSRF_TOKEN, HeadersFilter.class.getClassLoader());

        private final Supplier<@Nullable String> console;

        HeadersFilter(Supplier<@Nullable String> console) {
            this.console = console;
        }

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
            String path =
                    exchange.getRequest().getPath().pathWithinApplication().value();
            String own = console.get();
            if (!ConsoleHeaders.isConsole(path, own)) {
                return chain.filter(exchange);
            }
            HttpHeaders headers = exchange.getResponse().getHeaders();
            ConsoleHeaders.ALL.forEach(headers::set);
            Mono<Void> csrf = SECURITY && path.equals(own) ? Csrf.hand(exchange) : Mono.empty();
            return csrf.then(chain.filter(exchange));
        }
    }

    /** Apart, since Spring Security may be absent. */
    private static final class Csrf {

        private Csrf() {}

        static Mono<Void> hand(ServerWebExchange exchange) {
            Mono<CsrfToken> token = exchange.getAttributeOrDefault(CsrfToken.class.getName(), Mono.empty());
            return token.doOnNext(it -> {
                        HttpHeaders headers = exchange.getResponse().getHeaders();
                        headers.set(ConsoleHeaders.CSRF_HEADER, it.getHeaderName());
                        headers.set(ConsoleHeaders.CSRF_TOKEN, it.getToken());
                    })
                    .then();
        }
    }
}

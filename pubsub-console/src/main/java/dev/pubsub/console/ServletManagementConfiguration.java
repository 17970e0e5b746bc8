package dev.pubsub.console;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.util.ClassUtils;

/** The console's headers, in whichever context serves the endpoints. */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnAvailableEndpoint(endpoint = ConsoleEndpoint.class)
class ServletManagementConfiguration {

    static final String CSRF_TOKEN = "org.springframework.security.web.csrf.CsrfToken";

    /** After Spring Security's, which leaves its token in the request. */
    @Bean
    FilterRegistrationBean<HeadersFilter> pubSubConsoleHeadersFilter(ObjectProvider<PathMappedEndpoints> endpoints) {
        return new FilterRegistrationBean<>(
                new HeadersFilter(() -> ConsolePaths.pathOf(endpoints, ConsoleEndpoint.ID)));
    }

    /** Sets the headers, and hands Spring Security's token to the page. */
    static final class HeadersFilter implements Filter {

        private static final boolean SECURITY = ClassUtils.isPresent(CSRF_TOKEN, HeadersFilter.class.getClassLoader());

        private final Supplier<@Nullable String> console;

        HeadersFilter(Supplier<@Nullable String> console) {
            this.console = console;
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer) {
                // Within the servlet's mapping, as spring.mvc.servlet.path puts it: endpoints do not know of that.
                String path = http.getPathInfo() == null ? http.getServletPath() : http.getPathInfo();
                String own = console.get();
                if (ConsoleHeaders.isConsole(path, own)) {
                    ConsoleHeaders.ALL.forEach(answer::setHeader);
                    if (SECURITY && path.equals(own)) {
                        Csrf.hand(http, answer);
                    }
                }
            }
            chain.doFilter(request, response);
        }
    }

    /** Apart, since Spring Security may be absent. */
    private static final class Csrf {

        private Csrf() {}

        static void hand(HttpServletRequest request, HttpServletResponse response) {
            if (request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token) {
                response.setHeader(ConsoleHeaders.CSRF_HEADER, token.getHeaderName());
                response.setHeader(ConsoleHeaders.CSRF_TOKEN, token.getToken());
            }
        }
    }
}

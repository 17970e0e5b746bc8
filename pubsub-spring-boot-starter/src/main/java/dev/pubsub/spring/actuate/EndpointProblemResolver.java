package dev.pubsub.spring.actuate;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Says on Spring MVC what was wrong with a request to our endpoints that never reached them: a method that access
 * forbids, a body that is no JSON object. Leaves every other path and failure alone.
 */
public final class EndpointProblemResolver implements HandlerExceptionResolver, Ordered {

    private final Supplier<List<String>> paths;

    /** With the paths of the endpoints, asked for when a request has failed. */
    public EndpointProblemResolver(Supplier<List<String>> paths) {
        this.paths = paths;
    }

    /** Before Spring MVC's own, which would answer without a word. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 100;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        RefusedRequest refused = refused(failure);
        if (refused == null || !isOurs(request)) {
            return null;
        }
        if (failure instanceof HttpRequestMethodNotSupportedException unsupported) {
            response.setHeader("Allow", String.join(", ", allowed(unsupported)));
        }
        return answer(response, refused);
    }

    private static @Nullable RefusedRequest refused(Exception failure) {
        if (failure instanceof HttpRequestMethodNotSupportedException unsupported) {
            return RefusedRequest.method(allowed(unsupported));
        }
        if (failure instanceof HttpMessageNotReadableException) {
            return RefusedRequest.body();
        }
        return failure instanceof HttpMediaTypeNotSupportedException ? RefusedRequest.mediaType() : null;
    }

    private static List<String> allowed(HttpRequestMethodNotSupportedException failure) {
        String[] supported = failure.getSupportedMethods();
        return supported == null ? List.of() : List.of(supported);
    }

    private boolean isOurs(HttpServletRequest request) {
        // Within the servlet's mapping, as spring.mvc.servlet.path puts it: endpoints do not know of that.
        String path = request.getPathInfo() == null ? request.getServletPath() : request.getPathInfo();
        return RefusedRequest.isBelow(paths.get(), path);
    }

    private static @Nullable ModelAndView answer(HttpServletResponse response, RefusedRequest refused) {
        try {
            response.setStatus(refused.status().value());
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getWriter().write(refused.json());
            return new ModelAndView();
        } catch (IOException e) {
            return null;
        }
    }
}

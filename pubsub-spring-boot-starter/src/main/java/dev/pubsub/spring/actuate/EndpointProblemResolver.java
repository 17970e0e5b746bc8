package dev.pubsub.spring.actuate;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Says what was wrong with a request to our endpoints that never reached them: a method that access forbids, a body
 * that is no JSON object. Leaves every other path and failure alone.
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
        if (failure instanceof HttpRequestMethodNotSupportedException unsupported && isOurs(request)) {
            String[] supported = unsupported.getSupportedMethods();
            String allowed = supported == null ? "" : String.join(", ", supported);
            response.setHeader("Allow", allowed);
            return answer(
                    response,
                    HttpStatus.METHOD_NOT_ALLOWED,
                    "This method does not exist here or is forbidden by the endpoint's access; allowed: " + allowed);
        }
        if (failure instanceof HttpMessageNotReadableException && isOurs(request)) {
            return answer(response, HttpStatus.BAD_REQUEST, "The body must be a JSON object with simple values");
        }
        if (failure instanceof HttpMediaTypeNotSupportedException && isOurs(request)) {
            return answer(
                    response, HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be a JSON object (application/json)");
        }
        return null;
    }

    private boolean isOurs(HttpServletRequest request) {
        // Within the servlet's mapping, as spring.mvc.servlet.path puts it: endpoints do not know of that.
        String path = request.getPathInfo() == null ? request.getServletPath() : request.getPathInfo();
        return paths.get().stream().anyMatch(ours -> path.equals(ours) || path.startsWith(ours + "/"));
    }

    /** The texts are constants and names of methods: nothing in them needs to be escaped. */
    private static @Nullable ModelAndView answer(HttpServletResponse response, HttpStatus status, String detail) {
        try {
            response.setStatus(status.value());
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.getWriter()
                    .write("{\"title\":\"" + status.getReasonPhrase() + "\",\"status\":" + status.value()
                            + ",\"detail\":\"" + detail + "\"}");
            return new ModelAndView();
        } catch (IOException e) {
            return null;
        }
    }
}

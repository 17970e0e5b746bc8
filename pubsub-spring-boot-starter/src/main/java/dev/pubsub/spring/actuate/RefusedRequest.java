package dev.pubsub.spring.actuate;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.springframework.http.HttpStatus;

/**
 * What was wrong with a request that was refused before any endpoint saw it. The texts are constants and names of
 * methods: nothing in them needs to be escaped.
 */
final class RefusedRequest {

    private final HttpStatus status;
    private final String detail;

    private RefusedRequest(HttpStatus status, String detail) {
        this.status = status;
        this.detail = detail;
    }

    static RefusedRequest method(Collection<String> allowed) {
        return new RefusedRequest(
                HttpStatus.METHOD_NOT_ALLOWED,
                "This method does not exist here or is forbidden by the endpoint's access; allowed: "
                        + String.join(", ", new TreeSet<>(allowed)));
    }

    static RefusedRequest body() {
        return new RefusedRequest(HttpStatus.BAD_REQUEST, "The body must be a JSON object with simple values");
    }

    static RefusedRequest mediaType() {
        return new RefusedRequest(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be a JSON object (application/json)");
    }

    /** Whether the request was for one of our endpoints. */
    static boolean isBelow(List<String> endpoints, String path) {
        return endpoints.stream().anyMatch(ours -> path.equals(ours) || path.startsWith(ours + "/"));
    }

    HttpStatus status() {
        return status;
    }

    /** As a problem detail. */
    String json() {
        return "{\"title\":\"" + status.getReasonPhrase() + "\",\"status\":" + status.value() + ",\"detail\":\""
                + detail + "\"}";
    }
}

package dev.pubsub.spring.actuate;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;

/** Answers that say what was wrong. Boot's own bad request says nothing. */
final class Problems {

    private Problems() {}

    static WebEndpointResponse<Object> badRequest(String detail) {
        return of(HttpStatus.BAD_REQUEST, detail);
    }

    static WebEndpointResponse<Object> notFound(String detail) {
        return of(HttpStatus.NOT_FOUND, detail);
    }

    /** Asked for what exists, and refused as things stand. */
    static WebEndpointResponse<Object> conflict(String detail) {
        return of(HttpStatus.CONFLICT, detail);
    }

    private static WebEndpointResponse<Object> of(HttpStatus status, String detail) {
        return new WebEndpointResponse<>(
                ProblemDetail.forStatusAndDetail(status, detail), status.value(), MediaType.APPLICATION_PROBLEM_JSON);
    }
}

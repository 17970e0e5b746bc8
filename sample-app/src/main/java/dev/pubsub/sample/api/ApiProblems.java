package dev.pubsub.sample.api;

import dev.pubsub.ConcurrencyLimitException;
import dev.pubsub.InvalidMessageException;
import dev.pubsub.PubSubClosedException;
import dev.pubsub.PubSubException;
import dev.pubsub.PublishTimeoutException;
import dev.pubsub.sample.usgs.InvalidFeatureException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/**
 * Answers with a problem detail whatever goes wrong: 400 where the request is, 503 where there is no room for it now.
 */
@RestControllerAdvice
class ApiProblems extends ResponseEntityExceptionHandler {

    private static final String RETRY_AFTER_SECONDS = "1";

    @ExceptionHandler
    ResponseEntity<Object> onInvalidFeature(InvalidFeatureException e, WebRequest request) {
        return badRequest(e, "The feature describes no event", e.problems(), request);
    }

    @ExceptionHandler({InvalidRequestException.class, InvalidMessageException.class})
    ResponseEntity<Object> onInvalidRequest(RuntimeException e, WebRequest request) {
        return badRequest(e, "The request is not valid", List.of(String.valueOf(e.getMessage())), request);
    }

    @ExceptionHandler({ConcurrencyLimitException.class, PublishTimeoutException.class, PubSubClosedException.class})
    ResponseEntity<Object> onSaturation(PubSubException e, WebRequest request) {
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE, "No room for this event at the moment; send it again a little later");
        return respond(e, problem, headers, request);
    }

    /** Spring's own answer does not say what was wrong. Neither does this one repeat what was sent. */
    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String problem = "body: missing, or not JSON";
        if (e.getCause() instanceof JacksonException json && !json.getPath().isEmpty()) {
            problem = field(json) + ": not of the type or value that is expected here";
        }
        return badRequest(e, "The body could not be read", List.of(problem), request);
    }

    private ResponseEntity<Object> badRequest(Exception e, String detail, List<String> problems, WebRequest request) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, detail);
        problem.setProperty("problems", problems);
        return respond(e, problem, new HttpHeaders(), request);
    }

    private ResponseEntity<Object> respond(
            Exception e, ProblemDetail problem, HttpHeaders headers, WebRequest request) {
        HttpStatusCode status = HttpStatusCode.valueOf(problem.getStatus());
        ResponseEntity<Object> response = handleExceptionInternal(e, problem, headers, status, request);
        return response != null ? response : new ResponseEntity<>(problem, headers, status);
    }

    private static String field(JacksonException e) {
        StringBuilder field = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            if (step.getPropertyName() == null) {
                field.append('[').append(step.getIndex()).append(']');
            } else {
                field.append(field.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return field.toString();
    }
}

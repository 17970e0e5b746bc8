package dev.pubsub.spring.actuate;

import dev.pubsub.PubSub;
import dev.pubsub.spring.asyncapi.AsyncApiDocument;
import dev.pubsub.spring.asyncapi.PayloadSchemas;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** An AsyncAPI document of the subscriptions that there are. */
@WebEndpoint(id = "pubsubasyncapi")
public class AsyncApiEndpoint {

    private final PubSub pubSub;
    private final PayloadSchemas schemas;
    private final String title;
    private final String version;

    /**
     * Of this engine.
     *
     * @param title the application's name
     * @param version the application's version
     */
    public AsyncApiEndpoint(PubSub pubSub, PayloadSchemas schemas, String title, String version) {
        this.pubSub = pubSub;
        this.schemas = schemas;
        this.title = title;
        this.version = version;
    }

    /** The document. */
    @ReadOperation
    public WebEndpointResponse<Object> document() {
        AsyncApiDocument document = new AsyncApiDocument(schemas, SubscriptionDescriptor::conditionOf);
        return new WebEndpointResponse<>(
                OperationResponseBody.of(document.describe(title, version, pubSub.subscriptions())));
    }
}

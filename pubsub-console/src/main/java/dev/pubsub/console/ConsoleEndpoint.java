package dev.pubsub.console;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.Resource;
import org.springframework.util.MimeTypeUtils;

/**
 * Serves the page and what it is made of. The page asks the other endpoints of the engine for everything it shows and
 * does; being an endpoint itself, it is exposed, secured and found where they are.
 */
@WebEndpoint(id = ConsoleEndpoint.ID)
public class ConsoleEndpoint {

    static final String ID = "pubsubconsole";

    private final ConsolePage page;

    ConsoleEndpoint(ConsolePage page) {
        this.page = page;
    }

    /** The page. */
    @ReadOperation(produces = MimeTypeUtils.TEXT_HTML_VALUE)
    public WebEndpointResponse<Resource> page() {
        return new WebEndpointResponse<>(page.html(), MimeTypeUtils.TEXT_HTML);
    }

    /** A style sheet, a script or an image of it. */
    @ReadOperation(produces = {"text/css", "text/javascript", "image/svg+xml"})
    public WebEndpointResponse<Resource> asset(@Selector String name) {
        ConsoleAssets.Asset asset = ConsoleAssets.find(name);
        return asset == null
                ? new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND)
                : new WebEndpointResponse<>(asset.content(), asset.type());
    }
}

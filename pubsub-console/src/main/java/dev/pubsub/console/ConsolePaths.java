package dev.pubsub.console;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;

/** Where endpoints are found. Asked for late: the endpoints are discovered after the beans are defined. */
final class ConsolePaths {

    private ConsolePaths() {}

    /** Its full path, null where it is not exposed. */
    static @Nullable String pathOf(ObjectProvider<PathMappedEndpoints> endpoints, String id) {
        PathMappedEndpoints mapped = endpoints.getIfAvailable();
        return mapped == null ? null : mapped.getPath(EndpointId.of(id));
    }

    /** Its path below the base path, null where it is not exposed. */
    static @Nullable String rootPathOf(ObjectProvider<PathMappedEndpoints> endpoints, String id) {
        PathMappedEndpoints mapped = endpoints.getIfAvailable();
        return mapped == null ? null : mapped.getRootPath(EndpointId.of(id));
    }
}

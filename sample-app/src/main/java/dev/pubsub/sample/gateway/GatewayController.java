package dev.pubsub.sample.gateway;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells the gateway how to behave, and shows what it saw. */
@RestController
@RequestMapping("/api/gateway")
class GatewayController {

    private final SmsGatewayServer server;

    GatewayController(SmsGatewayServer server) {
        this.server = server;
    }

    @GetMapping
    GatewayStatus status() {
        return server.status();
    }

    @PostMapping
    GatewayStatus change(@RequestBody ModeChange change) {
        return server.mode(change.mode());
    }

    record ModeChange(GatewayMode mode) {

        ModeChange {
            if (mode == null) {
                throw new IllegalArgumentException("mode: missing");
            }
        }
    }
}

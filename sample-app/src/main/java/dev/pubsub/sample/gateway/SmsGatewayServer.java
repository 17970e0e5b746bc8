package dev.pubsub.sample.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Serves the gateway over HTTP, on a port of its own as if it were somebody else's. Of an early phase: it is there
 * before the subscriptions that call it begin, and as long as they drain.
 */
@Component
public class SmsGatewayServer implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SmsGatewayServer.class);
    private static final String PATH = "/texts";
    private static final int MAX_TEXT_BYTES = 4096;
    // A call that is held holds a thread: beyond these, calls wait their turn, and beyond those they are turned away.
    private static final int THREADS = 16;
    private static final int WAITING = 64;

    private final GatewayProperties properties;
    private final SmsGateway gateway;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;

    SmsGatewayServer(GatewayProperties properties) {
        this.properties = properties;
        this.gateway = new SmsGateway(properties.slowDelay(), properties.hangAtMost());
    }

    /** Where texts are posted to. */
    public synchronized URI uri() {
        if (server == null) {
            throw new IllegalStateException("The SMS gateway does not run");
        }
        InetSocketAddress address = server.getAddress();
        return URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + PATH);
    }

    public GatewayStatus status() {
        return gateway.status();
    }

    public GatewayStatus mode(GatewayMode mode) {
        gateway.mode(mode);
        log.info("The SMS gateway is now {}", mode);
        return gateway.status();
    }

    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public boolean isPauseable() {
        return false;
    }

    @Override
    public synchronized boolean isRunning() {
        return server != null;
    }

    @Override
    public synchronized void start() {
        if (server != null) {
            return;
        }
        try {
            InetAddress loopback = InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
            HttpServer started = HttpServer.create(new InetSocketAddress(loopback, properties.port()), 0);
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                        Thread thread = new Thread(task, "sms-gateway");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            started.setExecutor(pool);
            started.createContext(PATH, this::handle);
            gateway.open();
            started.start();
            server = started;
            threads = pool;
        } catch (IOException e) {
            throw new UncheckedIOException("The SMS gateway cannot listen on port " + properties.port(), e);
        }
    }

    @Override
    public synchronized void stop() {
        HttpServer stopped = server;
        ExecutorService pool = threads;
        if (stopped == null || pool == null) {
            return;
        }
        server = null;
        threads = null;
        gateway.close();
        stopped.stop(0);
        pool.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(answer(exchange), -1);
        } catch (IOException e) {
            // The usual end of a call that was held longer than its caller waited.
            log.debug("The caller of the SMS gateway has gone: {}", e.toString());
        }
    }

    private int answer(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            return 405;
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        int length = exchange.getRequestBody().readNBytes(MAX_TEXT_BYTES + 1).length;
        if (key == null || length == 0 || length > MAX_TEXT_BYTES) {
            return 400;
        }
        try {
            return gateway.call(key);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return SmsGateway.UNAVAILABLE;
        }
    }
}

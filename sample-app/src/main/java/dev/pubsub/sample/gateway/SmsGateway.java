package dev.pubsub.sample.gateway;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the gateway does with a call. Like a real one it takes an idempotency key with each text, and sends the same
 * text once: its callers try again when they do not know what became of a call.
 */
class SmsGateway {

    static final int ACCEPTED = 202;
    static final int UNAVAILABLE = 503;
    static final int TIMED_OUT = 504;
    private static final int REMEMBERED_KEYS = 10_000;

    private final Duration slowDelay;
    private final Duration hangAtMost;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition modeChanged = lock.newCondition();
    private final Map<String, Boolean> keys = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED_KEYS;
        }
    };
    private GatewayMode mode = GatewayMode.UP;
    private boolean closed;
    private boolean refuseNext = true;
    private long calls;
    private long sent;
    private long repeated;
    private long refused;
    private long unanswered;
    private int holding;

    SmsGateway(Duration slowDelay, Duration hangAtMost) {
        this.slowDelay = slowDelay;
        this.hangAtMost = hangAtMost;
    }

    /** Takes effect at once, also for the calls that are held; {@code flaky} begins with a refusal. */
    void mode(GatewayMode newMode) {
        lock.lock();
        try {
            mode = newMode;
            refuseNext = true;
            modeChanged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Holds calls again after a {@link #close}. */
    void open() {
        lock.lock();
        try {
            closed = false;
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the calls that are held. */
    void close() {
        lock.lock();
        try {
            closed = true;
            modeChanged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    GatewayStatus status() {
        lock.lock();
        try {
            return new GatewayStatus(mode, calls, sent, repeated, refused, unanswered, holding);
        } finally {
            lock.unlock();
        }
    }

    /** Decides on one call, in the caller's thread; the answer's status. */
    int call(String idempotencyKey) throws InterruptedException {
        lock.lock();
        try {
            calls++;
            return switch (mode) {
                case UP -> accept(idempotencyKey);
                case DOWN -> refuse();
                case SLOW -> {
                    hold(GatewayMode.SLOW, slowDelay);
                    yield accept(idempotencyKey);
                }
                case HANG -> {
                    hold(GatewayMode.HANG, hangAtMost);
                    unanswered++;
                    yield TIMED_OUT;
                }
                case FLAKY -> {
                    boolean refuse = refuseNext;
                    refuseNext = !refuseNext;
                    yield refuse ? refuse() : accept(idempotencyKey);
                }
            };
        } finally {
            lock.unlock();
        }
    }

    private void hold(GatewayMode asLongAs, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        holding++;
        try {
            while (left > 0 && mode == asLongAs && !closed) {
                left = modeChanged.awaitNanos(left);
            }
        } finally {
            holding--;
        }
    }

    private int accept(String idempotencyKey) {
        if (keys.putIfAbsent(idempotencyKey, Boolean.TRUE) == null) {
            sent++;
        } else {
            repeated++;
        }
        return ACCEPTED;
    }

    private int refuse() {
        refused++;
        return UNAVAILABLE;
    }
}

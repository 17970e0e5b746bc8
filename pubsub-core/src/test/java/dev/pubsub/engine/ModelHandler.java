package dev.pubsub.engine;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import dev.pubsub.Ordering;
import dev.pubsub.RejectMessageException;
import dev.pubsub.RetryLaterException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A handler that misbehaves in every way, by the number of its message, and notes whatever the engine must not do: call
 * it when that is forbidden, for two copies of one key at once, or out of order.
 */
final class ModelHandler implements MessageHandler<Object> {

    /** How often it misbehaves: now and then, often, or for most messages. */
    enum Temper {
        STEADY,
        USUAL,
        BRITTLE
    }

    private static final int STEADY_FOR = 8; // messages, of which one is as usual

    private final List<String> violations;
    private final Ordering ordering;
    private final Temper temper;
    private final Map<Object, AtomicInteger> inside = new ConcurrentHashMap<>();
    private final Map<Object, Integer> latest = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> completions = new ConcurrentHashMap<>();
    private final Set<String> outOfOrder = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String forbidden;

    ModelHandler(List<String> violations, Ordering ordering, Temper temper) {
        this.violations = violations;
        this.ordering = ordering;
        this.temper = temper;
    }

    void forbid(String why) {
        forbidden = why;
    }

    void allow() {
        forbidden = null;
    }

    boolean isForbidden() {
        return forbidden != null;
    }

    boolean isForbiddenBy(String why) {
        return why.equals(forbidden);
    }

    /** Its dead letter is about to be replayed: it comes behind younger ones. */
    void expectOutOfOrder(Message<?> message) {
        outOfOrder.add(message.id());
    }

    int completions(Message<?> message) {
        AtomicInteger count = completions.get(message.id());
        return count == null ? 0 : count.get();
    }

    @Override
    public void handle(Message<Object> message, Delivery delivery) throws Exception {
        int number = (Integer) message.payload();
        String why = forbidden;
        if (why != null) {
            violations.add("attempt " + delivery.attempt() + " of " + number + " although " + why);
        }
        Object key =
                switch (ordering) {
                    case NONE -> null;
                    case KEY -> message.key();
                    case TOPIC -> message.topic();
                };
        if (key == null) {
            behave(number, message, delivery);
            return;
        }
        AtomicInteger within = inside.computeIfAbsent(key, any -> new AtomicInteger());
        if (within.incrementAndGet() > 1) {
            violations.add("two copies of " + key + " at once, one of them " + number);
        }
        try {
            checkOrder(key, number, message);
            behave(number, message, delivery);
        } finally {
            within.decrementAndGet();
        }
    }

    private void checkOrder(Object key, int number, Message<?> message) {
        if (!outOfOrder.contains(message.id())) {
            Integer before = latest.put(key, number);
            if (before != null && before > number) {
                violations.add(number + " of " + key + " came after " + before);
            }
        }
    }

    private void behave(int number, Message<?> message, Delivery delivery) throws Exception {
        int dice = Math.floorMod(number * 7919, 300) % 101; // 100 once in 300
        if (temper == Temper.STEADY && number % STEADY_FOR != 0) {
            Thread.onSpinWait();
        } else if (temper == Temper.BRITTLE && dice >= 50) {
            throw new IllegalStateException("brittle");
        } else if (dice < 60) {
            Thread.onSpinWait();
        } else if (dice < 70) {
            throw new IllegalStateException("fails");
        } else if (dice < 78) {
            if (delivery.attempt() == 1) {
                throw new IllegalStateException("fails once");
            }
        } else if (dice < 82) {
            throw new NoClassDefFoundError("panics");
        } else if (dice < 85) {
            throw new RejectMessageException("rejects");
        } else if (dice < 90) {
            if (delivery.attempt() == 1) {
                throw new RetryLaterException(Duration.ofMillis(number % 5));
            }
        } else if (dice < 97) {
            LockSupport.parkNanos(1_000_000L * (number % 4));
        } else if (dice < 99) {
            hang(delivery);
        } else if (dice == 100) {
            hangStubbornly();
        }
        completions.computeIfAbsent(message.id(), any -> new AtomicInteger()).incrementAndGet();
    }

    /** Until it is interrupted. */
    private static void hang(Delivery delivery) throws InterruptedException {
        synchronized (delivery) {
            while (true) {
                delivery.wait();
            }
        }
    }

    /** Beyond its deadline, and beyond interrupts. */
    private static void hangStubbornly() {
        long end = System.nanoTime() + 120_000_000L;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
        }
    }
}

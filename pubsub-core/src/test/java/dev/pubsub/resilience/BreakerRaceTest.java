package dev.pubsub.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.BreakerPolicy;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.EngineTime;
import dev.pubsub.spi.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many threads at one breaker. It never leaves this package, so no engine is needed. */
class BreakerRaceTest {

    private static final int SCALE = Integer.getInteger("pubsub.test.scale", 1);
    private static final int THREADS = 8;

    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
    private final ResilienceRegistries registries = ResilienceRegistries.of(registry, null);
    private final EngineTime time = new EngineTime(TimeSource.system());
    private final AtomicInteger changesToOpen = new AtomicInteger();

    private SubscriptionSpec<Object> spec(String id) {
        return SubscriptionSpec.builder(id, "t")
                .circuitBreaker(BreakerPolicy.builder()
                        .slidingWindowSize(10)
                        .minimumNumberOfCalls(4)
                        .permittedNumberOfCallsInHalfOpenState(2)
                        .waitDurationInOpenState(Duration.ofMillis(2))
                        .instanceName("shared")
                        .build())
                .build();
    }

    private CircuitBreaker watched(Breaker breaker) {
        breaker.release(breaker.acquire());
        CircuitBreaker instance = registry.circuitBreaker("shared");
        instance.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition().getToState() == State.OPEN) {
                changesToOpen.incrementAndGet();
            }
        });
        return instance;
    }

    @Test
    void everyChangeToOpenIsSeenByExactlyOneReport() throws Exception {
        Breaker one = registries.breaker(spec("one"), time);
        Breaker two = registries.breaker(spec("two"), time);
        watched(one);
        AtomicLong seen = new AtomicLong();
        run(thread -> {
            Breaker breaker = thread % 2 == 0 ? one : two;
            while (changesToOpen.get() < 100 * SCALE) {
                int permit = breaker.acquire();
                if (permit == Breaker.DENIED) {
                    Thread.onSpinWait();
                } else if (report(breaker, permit)) {
                    seen.incrementAndGet();
                }
            }
        });

        // a thread that lost its core after its report may find the wait over: then the next probe's permit tells
        assertThat(seen.get()).isLessThanOrEqualTo(changesToOpen.get());
        two.release(acquireEventually(two));
        assertThat(one.trips() + two.trips()).isEqualTo(changesToOpen.get());
    }

    private static int acquireEventually(Breaker breaker) {
        int[] permit = {Breaker.DENIED};
        dev.pubsub.testing.Soon.until(() -> {
            permit[0] = breaker.acquire();
            return permit[0] != Breaker.DENIED;
        });
        return permit[0];
    }

    private static boolean report(Breaker breaker, int permit) {
        return ThreadLocalRandom.current().nextInt(10) == 0
                ? breaker.success(permit, 1)
                : breaker.error(permit, 1, new IllegalStateException("down"));
    }

    @Test
    void noPermitOfAHalfOpenPhaseIsLostWhoeverGetsItFirst() throws Exception {
        Breaker breaker = registries.breaker(spec("one"), time);
        CircuitBreaker instance = watched(breaker);
        AtomicInteger stuck = new AtomicInteger();
        for (int round = 0; round < 400 * SCALE; round++) {
            if (instance.getState() == State.CLOSED) {
                instance.transitionToOpenState();
            }
            instance.transitionToHalfOpenState();
            run(thread -> {
                int permit = breaker.acquire();
                if (permit != Breaker.DENIED) {
                    breaker.success(permit, 1);
                }
            });
            // two permits were given and reported: the phase is over
            if (instance.getState() == State.HALF_OPEN) {
                stuck.incrementAndGet();
                instance.transitionToClosedState();
            }
        }
        assertThat(stuck).hasValue(0);
    }

    @Test
    void aSharedBreakerIsNotTakenForStuckWhileAnotherSubscriptionProbesIt() {
        var manual = new dev.pubsub.testing.ManualTime();
        EngineTime manualTime = new EngineTime(manual);
        Breaker one = registries.breaker(spec("one"), manualTime);
        Breaker two = registries.breaker(spec("two"), manualTime);
        CircuitBreaker instance = watched(one);
        instance.transitionToOpenState();
        instance.transitionToHalfOpenState();
        int first = one.acquire();
        int second = one.acquire();

        assertThat(two.acquire()).isEqualTo(Breaker.DENIED);
        two.askAgainAt();
        manual.advance(Duration.ofHours(1)); // far longer than the wait: the probes take their time
        two.askAgainAt();

        assertThat(instance.getState()).isEqualTo(State.HALF_OPEN);
        one.success(first, 1);
        one.success(second, 1);
        assertThat(instance.getState()).isEqualTo(State.CLOSED);
    }

    private interface Body {
        void run(int thread) throws Exception;
    }

    private final ExecutorService pool = Executors.newFixedThreadPool(THREADS);

    @org.junit.jupiter.api.AfterEach
    void endThreads() {
        pool.shutdownNow();
    }

    private void run(Body body) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            all.add(pool.submit(() -> {
                body.run(thread);
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get(30, TimeUnit.SECONDS);
        }
    }
}

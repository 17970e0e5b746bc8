package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DispatchLockTest {

    private static final int ROUNDS = 500_000;

    private final DispatchLock lock = new DispatchLock();
    private int guarded;

    @Test
    void admitsOneThreadAtATimeAlsoWhileItMoves() throws InterruptedException {
        Thread other = new Thread(this::increment);
        other.start();
        increment();
        other.join();

        assertThat(guarded).as("increments").isEqualTo(2 * ROUNDS);
    }

    private void increment() {
        for (int i = 0; i < ROUNDS; i++) {
            lock.lock();
            try {
                guarded++;
                if (guarded % 100 == 0) {
                    lock.moveApart();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    @Test
    void wakesWhoWaitsForACondition() throws InterruptedException {
        Condition condition = lock.newCondition();
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicBoolean woken = new AtomicBoolean();
        Thread waiter = new Thread(() -> {
            lock.lock();
            try {
                waiting.countDown();
                while (guarded == 0) {
                    condition.awaitUninterruptibly();
                }
                woken.set(true);
            } finally {
                lock.unlock();
            }
        });
        waiter.start();
        waiting.await();

        lock.lock();
        try {
            guarded = 1;
            condition.signal();
        } finally {
            lock.unlock();
        }
        waiter.join();

        assertThat(woken).isTrue();
    }

    @Test
    void givesUpWaitingWhenInterrupted() throws InterruptedException {
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread waiter = new Thread(() -> {
            try {
                lock.lockInterruptibly();
                lock.unlock();
            } catch (InterruptedException expected) {
                interrupted.set(true);
            }
        });
        lock.lock();
        try {
            waiter.start();
            waiter.interrupt();
            waiter.join(TimeUnit.SECONDS.toMillis(20));
        } finally {
            lock.unlock();
        }

        assertThat(interrupted).isTrue();
    }

    @Test
    void refusesToBeLeftByWhoDoesNotHoldIt() {
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);

        lock.lock();
        lock.unlock();

        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(lock::moveApart).isInstanceOf(IllegalMonitorStateException.class);
        assertThatThrownBy(() -> lock.newCondition().signal()).isInstanceOf(IllegalMonitorStateException.class);
    }
}

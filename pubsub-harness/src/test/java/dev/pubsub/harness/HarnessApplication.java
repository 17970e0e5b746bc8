package dev.pubsub.harness;

import dev.pubsub.DeadLetter;
import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.Outcome;
import dev.pubsub.PubSub;
import dev.pubsub.PubSubException;
import dev.pubsub.spi.EncodedPayload;
import dev.pubsub.spi.MessageListener;
import dev.pubsub.spring.Subscribe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Scanner;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaConsumerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/**
 * One instance: publishes until it is told to be quiet, handles all the while, and ends with its driver. Arguments: its
 * name, its history, a seed, and Boot's.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class HarnessApplication {

    static final String TOPIC = "harness.work";
    static final String DEAD_LETTERS = TOPIC + ".work.dlt";
    static final int ATTEMPTS = 3;
    private static final int PUBLISHERS = 2;
    private static final int KEYS = 60;
    private static volatile boolean quiet;

    public static void main(String[] args) throws Exception {
        String name = args[0];
        History history = new History(Path.of(args[1]), name);
        SpringApplication application = new SpringApplication(HarnessApplication.class);
        application.addInitializers(context -> context.getBeanFactory().registerSingleton("history", history));
        ConfigurableApplicationContext context =
                application.run(List.of(args).subList(3, args.length).toArray(new String[0]));
        System.out.println("READY");
        PubSub pubSub = context.getBean(PubSub.class);
        List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            int part = i;
            Random random = new Random(Long.parseLong(args[2]) + i);
            Thread thread = new Thread(() -> publish(pubSub, history, name + "." + part, part, random));
            thread.setDaemon(true);
            thread.start();
            publishers.add(thread);
        }
        Scanner commands = new Scanner(System.in, StandardCharsets.UTF_8);
        while (commands.hasNextLine()) {
            String command = commands.nextLine();
            quiet = true;
            for (Thread publisher : publishers) {
                publisher.join();
            }
            if (command.equals("leave")) {
                context.close();
                System.exit(0);
            }
        }
        Runtime.getRuntime().halt(1); // the driver is gone
    }

    /** The keys of one thread are its own, so that the order of its publishes is that of each key. */
    private static void publish(PubSub pubSub, History history, String producer, int part, Random random) {
        for (long number = 0; !quiet; number++) {
            String key = "k" + (random.nextInt(KEYS / PUBLISHERS) * PUBLISHERS + part);
            Work work = new Work(producer, number, key, Task.draw(random).name());
            history.add(Event.Kind.OFFERED, work, 0);
            try {
                pubSub.publish(TOPIC, key, work.payload());
                history.add(Event.Kind.OK, work, 0);
            } catch (PubSubException failed) {
                history.add(Event.Kind.UNKNOWN, work, 0);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** What a handler does with a message. */
    enum Task {
        PLAIN,
        SLOW,
        FLAKY,
        LATE,
        DOOMED;

        static Task draw(Random random) {
            int percent = random.nextInt(100);
            return percent < 80 ? PLAIN : percent < 88 ? SLOW : percent < 94 ? FLAKY : percent < 97 ? LATE : DOOMED;
        }

        boolean isMeantToDie() {
            return this == LATE || this == DOOMED;
        }

        void run(int attempt) throws InterruptedException {
            switch (this) {
                case PLAIN -> Thread.sleep(5);
                case SLOW -> Thread.sleep(250);
                case FLAKY -> failIf(attempt == 1);
                case LATE -> Thread.sleep(attempt == 1 ? 10_000 : 1); // past its deadline
                case DOOMED -> failIf(true);
            }
        }

        private static void failIf(boolean fails) {
            if (fails) {
                throw new IllegalStateException("as it is meant");
            }
        }
    }

    /** Handles, and writes down when. */
    static final class Handler implements MessageListener {

        private final History history;

        Handler(History history) {
            this.history = history;
        }

        @Subscribe(id = "work", value = TOPIC, ordering = Ordering.KEY, concurrency = "32", timeout = "1s")
        void on(String payload, Delivery delivery) throws InterruptedException {
            Work work = Work.of(payload);
            history.add(Event.Kind.BEGIN, work, delivery.attempt());
            boolean returned = false;
            try {
                Task.valueOf(work.task()).run(delivery.attempt());
                returned = true;
            } finally {
                history.add(returned ? Event.Kind.RETURNED : Event.Kind.THREW, work, delivery.attempt());
            }
        }

        @Override
        public void settled(
                Message<?> message, String subscriptionId, Outcome outcome, DeadLetter.@Nullable Reason reason) {
            Object payload = message.payload();
            String text = payload instanceof EncodedPayload encoded ? encoded.text() : payload.toString();
            history.add(outcome == Outcome.DEAD_LETTERED ? Event.Kind.DEAD : Event.Kind.SETTLED, Work.of(text), 0);
        }
    }

    /** What happens between the consumer and the broker is written down, too. */
    @Bean
    DefaultKafkaConsumerFactoryCustomizer witness(History history) {
        return factory -> witness(factory, history);
    }

    @SuppressWarnings("unchecked") // all is bytes here
    private static void witness(DefaultKafkaConsumerFactory<?, ?> factory, History history) {
        ((DefaultKafkaConsumerFactory<byte[], byte[]>) factory)
                .addPostProcessor(consumer -> WitnessedConsumer.of(consumer, history));
    }

    @Bean
    Handler handler(History history) {
        return new Handler(history);
    }
}

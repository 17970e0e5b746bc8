package dev.pubsub.spring;

import static dev.pubsub.spring.Starter.balanced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pubsub.InvalidMessageException;
import dev.pubsub.PubSub;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Publishing within a transaction. */
class TransactionTests {

    private static final Received received = new Received();

    private final ApplicationContextRunner immediate = Starter.runner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceTransactionManagerAutoConfiguration.class,
                    TransactionAutoConfiguration.class))
            .withPropertyValues("spring.datasource.generate-unique-name=true")
            .withBean("things", Things.class);
    private final ApplicationContextRunner afterCommit =
            immediate.withPropertyValues("pubsub.publisher.transaction=after-commit");

    @BeforeEach
    void reset() {
        received.values().clear();
    }

    @Test
    void immediatePublishesAtOnceEvenIfTheTransactionIsRolledBack() {
        immediate.run(balanced(context -> transaction(context).executeWithoutResult(status -> {
            context.getBean(PubSub.class).publish("things", "early");
            Starter.soon().untilAsserted(() -> assertThat(received.values()).containsExactly("early"));
            status.setRollbackOnly();
        })));
    }

    @Test
    void afterCommitPublishesOnceTheTransactionIsCommitted() {
        afterCommit.run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            transaction(context).executeWithoutResult(status -> {
                pubSub.publish("things", "a");
                pubSub.publish("things", "b");
                assertThat(pubSub.snapshot().subscriptions().get(0).accepted()).isZero();
            });
            Starter.soon().untilAsserted(() -> assertThat(received.values()).containsExactly("a", "b"));
        }));
    }

    @Test
    void nothingIsPublishedAfterARollback() {
        afterCommit.run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            transaction(context).executeWithoutResult(status -> {
                pubSub.publish("things", "never");
                status.setRollbackOnly();
            });
            Starter.deliver(pubSub, dev.pubsub.Message.of("things", "marker"));
            assertThat(received.values()).containsExactly("marker");
        }));
    }

    @Test
    void nothingIsPublishedAfterARollbackToASavepointBeforeIt() {
        afterCommit.run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            transaction(context).executeWithoutResult(outer -> {
                pubSub.publish("things", "outer");
                TransactionTemplate nested = transaction(context);
                nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
                nested.executeWithoutResult(inner -> {
                    pubSub.publish("things", "inner");
                    inner.setRollbackOnly();
                });
            });
            Starter.soon().untilAsserted(() -> assertThat(received.values()).contains("outer"));
            Starter.deliver(pubSub, dev.pubsub.Message.of("things", "marker"));
            assertThat(received.values()).containsExactly("outer", "marker");
        }));
    }

    @Test
    void whatACallbackOfTheCommitPublishesIsNotLost() {
        afterCommit.run(balanced(context -> {
            PubSub pubSub = context.getBean(PubSub.class);
            transaction(context)
                    .executeWithoutResult(status ->
                            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                                @Override
                                public void afterCommit() {
                                    pubSub.publish("things", "from callback");
                                }
                            }));
            Starter.soon().untilAsserted(() -> assertThat(received.values()).containsExactly("from callback"));
        }));
    }

    @Test
    void withoutATransactionItIsPublishedAtOnce() {
        afterCommit.run(balanced(context -> {
            context.getBean(PubSub.class).publish("things", "now");
            Starter.soon().untilAsserted(() -> assertThat(received.values()).containsExactly("now"));
        }));
    }

    @Test
    void anInvalidMessageIsRefusedWithinTheTransaction() {
        afterCommit.run(balanced(context -> transaction(context)
                .executeWithoutResult(status -> assertThatExceptionOfType(InvalidMessageException.class)
                        .isThrownBy(() -> context.getBean(PubSub.class).publish("not a topic", "x")))));
    }

    private static TransactionTemplate transaction(ApplicationContext context) {
        return new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    static class Things {
        @Subscribe("things")
        void on(Object payload) {
            received.add(payload);
        }
    }
}

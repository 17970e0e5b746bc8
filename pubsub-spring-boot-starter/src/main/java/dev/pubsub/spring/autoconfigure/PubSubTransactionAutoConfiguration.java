package dev.pubsub.spring.autoconfigure;

import dev.pubsub.spi.CommitHook;
import dev.pubsub.spring.transaction.TransactionCommitHook;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Spring's transactions, for publishers that wait for the commit. Used only where a property asks for it. */
@AutoConfiguration(before = PubSubAutoConfiguration.class)
@ConditionalOnClass(TransactionSynchronizationManager.class)
@ConditionalOnBooleanProperty(name = "pubsub.enabled", matchIfMissing = true)
public final class PubSubTransactionAutoConfiguration {

    PubSubTransactionAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(CommitHook.class)
    TransactionCommitHook pubSubCommitHook() {
        return new TransactionCommitHook();
    }
}

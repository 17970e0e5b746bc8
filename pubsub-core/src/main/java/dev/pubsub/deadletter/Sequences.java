package dev.pubsub.deadletter;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys of {@code sequenced} subscriptions that have dead letters. A key's chain is as long as it has stored letters
 * or one of them is being replayed; as long as it exists, new copies of the key join it. Guarded by its owner's lock.
 */
final class Sequences {

    private record Id(String subscription, Object key) {}

    /** Ids of the stored letters of one key, in order. */
    static final class Chain {
        private final TreeSet<String> letters = new TreeSet<>();
        private int replaying;
    }

    private final Map<Id, Chain> chains = new HashMap<>();

    boolean isBlocked(String subscription, Object key) {
        return chains.containsKey(new Id(subscription, key));
    }

    void added(String subscription, Object key, String letter, boolean replayed) {
        Chain chain = chains.computeIfAbsent(new Id(subscription, key), id -> new Chain());
        chain.letters.add(letter);
        if (replayed) {
            chain.replaying = Math.max(0, chain.replaying - 1);
        }
    }

    /** The letter that must go first, if that is not this one. */
    @Nullable
    String olderThan(String subscription, Object key, String letter) {
        Chain chain = chains.get(new Id(subscription, key));
        return chain == null || chain.letters.isEmpty() || chain.letters.first().equals(letter)
                ? null
                : chain.letters.first();
    }

    /** Whether a letter of this key is being replayed. */
    boolean isReplaying(String subscription, Object key) {
        Chain chain = chains.get(new Id(subscription, key));
        return chain != null && chain.replaying > 0;
    }

    void replayBegan(String subscription, Object key, String letter) {
        Chain chain = chains.get(new Id(subscription, key));
        if (chain != null) {
            chain.letters.remove(letter);
            chain.replaying++;
        }
    }

    void replayEnded(String subscription, Object key) {
        Chain chain = chains.get(new Id(subscription, key));
        if (chain != null) {
            chain.replaying = Math.max(0, chain.replaying - 1);
            removeIfOver(subscription, key, chain);
        }
    }

    void removed(String subscription, Object key, String letter) {
        Chain chain = chains.get(new Id(subscription, key));
        if (chain != null) {
            chain.letters.remove(letter);
            removeIfOver(subscription, key, chain);
        }
    }

    /** Ids of all stored letters of the key. */
    java.util.List<String> letters(String subscription, Object key) {
        Chain chain = chains.get(new Id(subscription, key));
        return chain == null ? java.util.List.of() : java.util.List.copyOf(chain.letters);
    }

    /** The subscription is gone: nothing can be appended any more. */
    void forget(String subscription) {
        chains.keySet().removeIf(id -> id.subscription().equals(subscription));
    }

    private void removeIfOver(String subscription, Object key, Chain chain) {
        if (chain.letters.isEmpty() && chain.replaying == 0) {
            chains.remove(new Id(subscription, key));
        }
    }
}

package dev.pubsub.deadletter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys of {@code sequenced} subscriptions that have dead letters. A key's chain exists as long as it has stored
 * letters or one of them is being replayed; as long as it exists, new copies of the key join it. It hangs on the
 * letters, not on the subscription, which may be closed and come again under its id. Letters that belong to no chain
 * are passed over. Guarded by its owner's lock.
 */
final class Sequences {

    private record Id(String subscription, Object key) {}

    /** Ids of the stored letters of one key, in order. */
    private static final class Chain {
        private final Id id;
        private final TreeSet<String> letters = new TreeSet<>();
        private final long openedBy; // when its first letter had been accepted
        private int replaying;

        private Chain(Id id, long openedBy) {
            this.id = id;
            this.openedBy = openedBy;
        }
    }

    private final Map<Id, Chain> chains = new HashMap<>();
    private final Map<String, Chain> byLetter = new HashMap<>(); // stored or being replayed

    /** Whether a copy accepted then comes behind dead letters; one that is older than all of them does not. */
    boolean isBlocked(String subscription, Object key, long acceptedNanos) {
        Chain chain = chains.get(new Id(subscription, key));
        return chain != null && acceptedNanos >= chain.openedBy;
    }

    /** A new letter, or one whose replay has failed. */
    void added(String subscription, Object key, String letter, long acceptedNanos) {
        replayEnded(letter, false);
        Chain chain = chains.computeIfAbsent(new Id(subscription, key), id -> new Chain(id, acceptedNanos));
        chain.letters.add(letter);
        byLetter.put(letter, chain);
    }

    /** The letter that must go first, if that is not this one. */
    @Nullable
    String olderThan(String letter) {
        Chain chain = byLetter.get(letter);
        return chain == null || chain.letters.isEmpty() || chain.letters.first().equals(letter)
                ? null
                : chain.letters.first();
    }

    /** Whether a letter of this one's key is being replayed. */
    boolean isReplaying(String letter) {
        Chain chain = byLetter.get(letter);
        return chain != null && chain.replaying > 0;
    }

    void replayBegan(String letter) {
        Chain chain = byLetter.get(letter);
        if (chain != null && chain.letters.remove(letter)) {
            chain.replaying++;
        }
    }

    /** A replayed letter is settled, and not as a dead letter of a sequence again. */
    void replayEnded(String letter) {
        replayEnded(letter, true);
    }

    private void replayEnded(String letter, boolean forGood) {
        Chain chain = byLetter.get(letter);
        if (chain != null && !chain.letters.contains(letter)) {
            byLetter.remove(letter);
            chain.replaying--;
            if (forGood) {
                removeIfOver(chain);
            }
        }
    }

    /** A stored letter is discarded or evicted. */
    void removed(String letter) {
        Chain chain = byLetter.get(letter);
        if (chain != null && chain.letters.remove(letter)) {
            byLetter.remove(letter);
            removeIfOver(chain);
        }
    }

    /** Ids of the stored letters of this one's key. */
    List<String> chainOf(String letter) {
        Chain chain = byLetter.get(letter);
        return chain == null ? List.of() : List.copyOf(chain.letters);
    }

    private void removeIfOver(Chain chain) {
        if (chain.letters.isEmpty() && chain.replaying == 0) {
            chains.remove(chain.id);
        }
    }
}

package dev.pubsub.tck;

import dev.pubsub.Message;
import dev.pubsub.Names;
import dev.pubsub.spi.EncodedPayload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A broker in miniature: append-only partitions, and groups with their members, owners and offsets. What it has
 * outlives the processes that use it, and its own restarts; members do not: after a restart each has to join again.
 * Everything is guarded by this object.
 *
 * <p>A partition has one owner in a group. It is assigned to the members in turn; one that has to go to another member
 * is released by its owner first, and each claim has an epoch of its own, so that what comes from a former owner counts
 * for nothing.
 */
final class LogBroker {

    static final int PARTITIONS = 4;

    private final LogFault fault;
    private final Map<String, List<List<Message<EncodedPayload>>>> topics = new TreeMap<>();
    private final Map<String, Group> groups = new HashMap<>();
    private boolean down;
    private long turn;

    LogBroker(LogFault fault) {
        this.fault = fault;
    }

    /** A partition of a topic. */
    record Partition(String topic, int number) implements Comparable<Partition> {

        @Override
        public int compareTo(Partition other) {
            int byTopic = topic.compareTo(other.topic);
            return byTopic != 0 ? byTopic : Integer.compare(number, other.number);
        }
    }

    /** The right to receive a partition for its group, from an offset on, until the next claim has a higher epoch. */
    record Claim(Partition partition, long epoch, long offset) {}

    private static final class Group {
        final List<Member> members = new ArrayList<>();
        final Map<Partition, Member> owners = new HashMap<>();
        final Map<Partition, Long> epochs = new HashMap<>();
        final Map<Partition, Long> offsets = new HashMap<>();
    }

    // ---- publishing

    synchronized void create(String topic) {
        topics.computeIfAbsent(topic, LogBroker::empty);
    }

    synchronized void append(Message<EncodedPayload> message) throws IOException {
        if (down) {
            if (fault == LogFault.ACKNOWLEDGES_WHILE_DOWN) {
                return;
            }
            throw new IOException("The broker is down");
        }
        List<List<Message<EncodedPayload>>> partitions = topics.computeIfAbsent(message.topic(), LogBroker::empty);
        String key = message.key();
        boolean inTurn = key == null || fault == LogFault.LOSES_THE_KEY_ORDER;
        long spread = inTurn ? turn++ : key.hashCode();
        partitions.get((int) Math.floorMod(spread, (long) PARTITIONS)).add(message);
        groups.values().forEach(group -> group.members.forEach(member -> member.signal.run()));
    }

    private static List<List<Message<EncodedPayload>>> empty(String topic) {
        List<List<Message<EncodedPayload>>> partitions = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new ArrayList<>());
        }
        return partitions;
    }

    // ---- the broker's own life

    synchronized void stop() {
        down = true;
    }

    synchronized void start() {
        down = false;
        groups.values().forEach(group -> {
            List<Member> former = List.copyOf(group.members);
            group.members.clear();
            group.owners.clear();
            former.forEach(member -> member.signal.run());
        });
    }

    // ---- groups

    /** Takes a member in; null while the broker is down. */
    synchronized Member join(String group, List<String> patterns, Runnable signal) {
        if (down) {
            return null;
        }
        Member member = new Member(group, patterns, signal);
        Group joined = groups.computeIfAbsent(group, any -> new Group());
        if (fault == LogFault.FORGETS_WHAT_WAS_BEFORE) {
            member.matching()
                    .forEach(partition -> joined.offsets.putIfAbsent(
                            partition, (long) records(partition).size()));
        }
        joined.members.add(member);
        joined.members.forEach(any -> any.signal.run());
        return member;
    }

    private List<Message<EncodedPayload>> records(Partition partition) {
        return topics.get(partition.topic()).get(partition.number());
    }

    /** One who receives for a group. Knows nothing of itself: all is asked of the broker. */
    final class Member {

        private final String groupName;
        private final List<String> patterns;
        private final Runnable signal;
        private final Set<String> topicsAtFirst;

        private Member(String groupName, List<String> patterns, Runnable signal) {
            this.groupName = groupName;
            this.patterns = patterns;
            this.signal = signal;
            this.topicsAtFirst = new TreeSet<>(topics.keySet());
        }

        private Group group() {
            return groups.get(groupName);
        }

        /** False once the broker has forgotten it, in a restart. */
        boolean isKnown() {
            synchronized (LogBroker.this) {
                return group().members.contains(this);
            }
        }

        /** The partitions that it is to have, be they free by now or not. */
        Set<Partition> assigned() {
            synchronized (LogBroker.this) {
                List<Member> members = group().members;
                Set<Partition> mine = new TreeSet<>();
                if (!members.contains(this)) {
                    return mine; // the broker was restarted a moment ago
                }
                int number = 0;
                for (Partition partition : matching()) {
                    boolean isMine = members.get(number++ % members.size()) == this;
                    if (isMine || fault == LogFault.SHARES_NOTHING) {
                        mine.add(partition);
                    }
                }
                return mine;
            }
        }

        /** Members of one group have the same patterns, so they agree on this. */
        private List<Partition> matching() {
            List<Partition> matching = new ArrayList<>();
            for (String topic : topics.keySet()) {
                boolean known = fault != LogFault.MISSES_NEW_TOPICS || topicsAtFirst.contains(topic);
                if (known && patterns.stream().anyMatch(pattern -> Names.matches(pattern, topic))) {
                    for (int number = 0; number < PARTITIONS; number++) {
                        matching.add(new Partition(topic, number));
                    }
                }
            }
            return matching;
        }

        /** Makes it the owner; null while another one is, or while the broker is down. */
        Claim claim(Partition partition) {
            synchronized (LogBroker.this) {
                Member owner = group().owners.putIfAbsent(partition, this);
                if (owner != null && owner != this && fault != LogFault.SHARES_NOTHING) {
                    return null;
                }
                long epoch = group().epochs.merge(partition, 1L, Long::sum);
                return new Claim(partition, epoch, group().offsets.getOrDefault(partition, 0L));
            }
        }

        /** What comes next, at most so many; nothing while the broker is down. */
        List<Message<EncodedPayload>> read(Partition partition, long offset, int max) {
            synchronized (LogBroker.this) {
                if (down) {
                    return List.of();
                }
                List<Message<EncodedPayload>> all = records(partition);
                int from = (int) offset;
                return List.copyOf(all.subList(from, Math.min(all.size(), from + max)));
            }
        }

        /** Keeps the offset, unless the claim is not the latest one or the broker is down. */
        boolean commit(Claim claim, long offset) {
            synchronized (LogBroker.this) {
                boolean latest = group().epochs.get(claim.partition()) == claim.epoch();
                if (down || (!latest && fault != LogFault.TAKES_LATE_SETTLEMENTS)) {
                    return false;
                }
                group().offsets.put(claim.partition(), offset);
                return true;
            }
        }

        /** Gives up a partition, for whoever is to have it. */
        void release(Claim claim) {
            synchronized (LogBroker.this) {
                if (group().owners.remove(claim.partition(), this)) {
                    group().members.forEach(member -> member.signal.run());
                }
            }
        }

        /** Leaves the group; its partitions were released before. */
        void leave() {
            synchronized (LogBroker.this) {
                group().members.remove(this);
                group().members.forEach(member -> member.signal.run());
            }
        }
    }
}

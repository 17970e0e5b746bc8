package dev.pubsub.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.spi.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every group gets every message, and the members of one share it: each message is one member's. */
abstract class GroupContract extends Contract {

    /** At once, so that some of whatever is handed over are under way. */
    private static final int MOST_KEYS = 16;

    private static final long MOMENT_NANOS = 50_000_000; // longer than it takes another member to begin

    GroupContract(TransportContract suite) {
        super(suite);
    }

    @BeforeEach
    void requiresGroups() {
        requires(Capability.GROUPS);
    }

    private SubscriptionSpec.Builder<Object> member(String group, String topic) {
        SubscriptionSpec.Builder<Object> member =
                subscription(topic).group(group).concurrency(MOST_KEYS);
        return can(Capability.KEY_ORDERED) ? member.ordering(Ordering.KEY) : member;
    }

    @Test
    void shouldGiveEveryGroupEveryMessage() throws Exception {
        Node node = node();
        String topic = topic();
        List<KeyedJournal> journals = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            KeyedJournal journal = new KeyedJournal();
            node.subscribe(member(name("group"), topic), journal);
            journals.add(journal);
        }
        KeyedTraffic traffic = new KeyedTraffic(10, 10);

        traffic.publish(node.engine(), topic, fixture().patience());

        for (KeyedJournal journal : journals) {
            eventually("all of them", () -> journal.size() >= traffic.size());
            assertThat(journal.size()).isEqualTo(traffic.size());
        }
    }

    @Test
    void shouldShareAGroupsMessagesBetweenProcesses() throws Exception {
        requiresLeavingTheProcess();
        String topic = topic();
        String warmUp = "warm-up";
        String group = name("group");
        Node publisher = node();
        List<Member> members = List.of(new Member(group, topic, warmUp), new Member(group, topic, warmUp));

        // until both have had something, whatever it takes the broker to give each its share
        for (int round = 0; members.stream().anyMatch(member -> member.warmUps.size() == 0); round++) {
            int number = round;
            publisher.engine().publish(topic, warmUp + number % 50, warmUp);
            eventually(
                    "a warm-up",
                    () -> members.stream()
                                    .mapToInt(member -> member.warmUps.size())
                                    .sum()
                            > number);
        }
        KeyedTraffic traffic = new KeyedTraffic(50, 10);
        traffic.publish(publisher.engine(), topic, fixture().patience());

        eventually("all of them", () -> count(members) >= traffic.size());
        assertThat(count(members)).as("each message is one member's").isEqualTo(traffic.size());
        assertThat(members)
                .allSatisfy(member ->
                        assertThat(member.journal.size()).as("a share").isPositive());
        Map<String, List<String>> all = members.get(0).journal.completed();
        members.get(1).journal.completed().forEach((key, texts) -> all.merge(key, texts, GroupContract::concat));
        assertThat(all.keySet()).isEqualTo(traffic.expected().keySet());
        if (can(Capability.KEY_ORDERED)) {
            assertThat(all).isEqualTo(traffic.expected());
        }
    }

    /** Within one process too, where the transport shares at all. */
    @Test
    void shouldShareAGroupsMessagesBetweenSubscriptionsOfOneProcess() throws Exception {
        requiresLeavingTheProcess();
        Node node = node();
        String topic = topic();
        String group = name("group");
        KeyedJournal journal = new KeyedJournal();
        node.subscribe(member(group, topic), journal);
        node.subscribe(member(group, topic), journal);
        KeyedTraffic traffic = new KeyedTraffic(20, 20);

        traffic.publish(node.engine(), topic, fixture().patience());

        eventually("all of them", () -> distinct(journal) == traffic.size());
        assertInOrder(journal, traffic);
    }

    @Test
    void shouldGiveToTheOthersWhatAMemberLeaves() throws Exception {
        requiresLeavingTheProcess();
        String topic = topic();
        String group = name("group");
        KeyedJournal journal = new KeyedJournal(GroupContract::work);
        Node staying = node();
        Node leaving = node();
        staying.subscribe(member(group, topic), journal);
        leaving.subscribe(member(group, topic), journal);
        KeyedTraffic traffic = new KeyedTraffic(20, 20);
        Crowd publishers = traffic.start(staying.engine(), topic);
        eventually("some of them", () -> journal.size() > traffic.size() / 4);

        leaving.close();

        publishers.join(fixture().patience());
        eventually("all of them", () -> distinct(journal) == traffic.size());
        assertInOrder(journal, traffic);
    }

    @Test
    void shouldLoseNothingWhenAMemberComes() throws Exception {
        requiresLeavingTheProcess();
        String topic = topic();
        String group = name("group");
        KeyedJournal journal = new KeyedJournal(GroupContract::work);
        Node first = node();
        first.subscribe(member(group, topic), journal);
        KeyedTraffic traffic = new KeyedTraffic(20, 20);
        Crowd publishers = traffic.start(first.engine(), topic);
        eventually("some of them", () -> journal.size() > traffic.size() / 4);

        node().subscribe(member(group, topic), journal);

        publishers.join(fixture().patience());
        eventually("all of them", () -> distinct(journal) == traffic.size());
        assertInOrder(journal, traffic);
    }

    /**
     * Takes a moment, so that there is always something under way, and as many others does not listen to interrupts.
     */
    private static void work(Message<Object> message, Delivery delivery) {
        long end = System.nanoTime() + MOMENT_NANOS;
        for (long left = MOMENT_NANOS; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** A member in a process of its own. */
    private final class Member {

        final Journal warmUps = new Journal();
        final KeyedJournal journal = new KeyedJournal();

        Member(String group, String topic, String warmUp) {
            node().subscribe(member(group, topic), (message, delivery) -> {
                if (warmUp.equals(message.payload())) {
                    warmUps.add(message);
                } else {
                    journal.handle(message, delivery);
                }
            });
        }
    }

    private static int count(List<Member> members) {
        return members.stream().mapToInt(member -> member.journal.size()).sum();
    }

    private static int distinct(KeyedJournal journal) {
        return journal.firsts().values().stream().mapToInt(List::size).sum();
    }

    private static List<String> concat(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private void assertInOrder(KeyedJournal journal, KeyedTraffic traffic) {
        if (can(Capability.KEY_ORDERED)) {
            assertThat(journal.firsts()).isEqualTo(traffic.expected());
            journal.assertOneAtATime();
        }
    }
}

package dev.pubsub.harness;

import dev.pubsub.kafka.BrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One broker, two instances, three faults, and what came of it. Used by one thread, once. */
final class Round {

    private static final long QUIET_SECONDS = 45;
    private static final long SILENT_SECONDS = 10;

    private final long seed;
    private final Random random;
    private final Path directory;
    private final Mutant mutant;
    private final List<Instance> all = new ArrayList<>();
    private final List<Instance> running = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final BrokerProcess broker = new BrokerProcess();

    Round(long seed, Path directory, Mutant mutant) throws IOException {
        this.seed = seed;
        this.mutant = mutant;
        random = new Random(seed);
        this.directory = Files.createDirectories(directory);
    }

    Report run() throws Exception {
        try (broker) {
            broker.start();
            running.add(begin());
            running.add(begin());
            for (Instance instance : running) {
                instance.awaitReady();
            }
            pause(2_000);
            for (Fault.Kind kind : draw()) {
                faults.add(strike(kind));
                pause(1_000 + random.nextInt(1_000));
            }
            for (Instance instance : running) {
                instance.quiet();
            }
            List<Event> events = awaitQuiet();
            Set<String> buried = Burials.read(broker.address(), HarnessApplication.DEAD_LETTERS);
            Checker checker = new Checker(new Evidence(events, faults, buried));
            return new Report(seed, faults, events, checker.verdicts(), checker.explainedRepeats());
        } finally {
            for (Instance instance : all) {
                instance.kill();
            }
        }
    }

    /** An instance and the broker are killed in each round, in any order, and something else happens. */
    private List<Fault.Kind> draw() {
        List<Fault.Kind> kinds = new ArrayList<>(List.of(Fault.Kind.KILL_APP, Fault.Kind.KILL_BROKER));
        Fault.Kind any = Fault.Kind.values()[random.nextInt(Fault.Kind.values().length)];
        kinds.add(mutant.needs() == null ? any : mutant.needs());
        Collections.shuffle(kinds, random);
        return kinds;
    }

    private Instance begin() throws IOException {
        Instance instance = new Instance(
                "i" + all.size(),
                directory,
                mutant.classes(directory),
                random.nextLong(),
                broker.address(),
                mutant.arguments());
        all.add(instance);
        return instance;
    }

    private Fault strike(Fault.Kind kind) throws Exception {
        int index = random.nextInt(running.size());
        Instance victim = running.get(index);
        boolean targeted = random.nextInt(4) > 0;
        int inFlight = targeted ? awaitWork(victim) : victim.inFlight();
        long start = System.nanoTime();
        switch (kind) {
            case KILL_APP -> {
                victim.kill();
                inFlight = victim.inFlight(); // as it was left
                replace(index);
            }
            case KILL_BROKER -> {
                broker.kill();
                inFlight = running.get(0).inFlight() + running.get(1).inFlight();
                pause(random.nextInt(1_500));
                broker.start();
            }
            case STOP_APP -> {
                victim.signal("STOP");
                pause(4_500 + random.nextInt(1_000)); // the session ends after 3 s
                victim.signal("CONT");
            }
            case LEAVE_AND_JOIN -> {
                victim.leave();
                replace(index);
            }
        }
        String struck = kind == Fault.Kind.KILL_BROKER ? "broker" : victim.name();
        return new Fault(kind, struck, start, System.nanoTime(), inFlight);
    }

    private void replace(int index) throws Exception {
        Instance next = begin();
        next.awaitReady();
        running.set(index, next);
    }

    private int awaitWork(Instance victim) throws IOException, InterruptedException {
        for (int i = 0; i < 100; i++) {
            int inFlight = victim.inFlight();
            if (inFlight > 1) {
                return inFlight;
            }
            pause(20);
        }
        return 0;
    }

    private List<Event> awaitQuiet() throws IOException, InterruptedException {
        long now = System.nanoTime();
        long end = now + TimeUnit.SECONDS.toNanos(QUIET_SECONDS);
        long changed = now;
        int size = -1;
        while (true) {
            List<Event> events = new ArrayList<>();
            for (Instance instance : all) {
                events.addAll(instance.history());
            }
            now = System.nanoTime();
            if (events.size() != size) {
                size = events.size();
                changed = now;
            }
            long silent = now - changed;
            boolean quiet = silent > TimeUnit.SECONDS.toNanos(1) && isSettled(events);
            if (quiet || silent > TimeUnit.SECONDS.toNanos(SILENT_SECONDS) || now > end) {
                return events;
            }
            pause(250);
        }
    }

    private static boolean isSettled(List<Event> events) {
        Set<String> left = new HashSet<>();
        events.stream().filter(event -> event.kind() == Event.Kind.OK).forEach(event -> left.add(event.message()));
        events.stream()
                .filter(event -> event.kind() == Event.Kind.RETURNED || event.kind() == Event.Kind.DEAD)
                .forEach(event -> left.remove(event.message()));
        return left.isEmpty();
    }

    private static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }
}

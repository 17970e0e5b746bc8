package dev.pubsub.proofs;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * Runs a class of operations against its sequential model: by model checking, where Lincheck decides which thread goes
 * on at each access to shared memory, and by stress, where the machine does.
 */
public final class Lincheck {

    private static final boolean LONG = "long".equals(System.getProperty("proofs.form"));
    private static final boolean SEEDED = "seeded".equals(System.getProperty("proofs.form")); // by seed-faults.sh

    private Lincheck() {}

    /** Fails with an interleaving that no sequence of the model explains. */
    public static void check(Class<?> operations, Class<?> model) {
        modelChecking(operations, model, LONG ? 100 : SEEDED ? 50 : 10, LONG ? 2_000 : SEEDED ? 300 : 50);
        stress(operations, model, LONG ? 200 : SEEDED ? 10 : 5, LONG ? 10_000 : SEEDED ? 1_000 : 500);
    }

    /** As {@link #check}, for operations that take Lincheck ten times as long. */
    public static void checkFewer(Class<?> operations, Class<?> model) {
        modelChecking(operations, model, LONG ? 50 : SEEDED ? 20 : 2, LONG ? 200 : SEEDED ? 50 : 20);
        stress(operations, model, LONG ? 200 : SEEDED ? 10 : 5, LONG ? 10_000 : SEEDED ? 1_000 : 500);
    }

    private static void modelChecking(Class<?> operations, Class<?> model, int scenarios, int invocations) {
        long start = System.nanoTime();
        sized(new ModelCheckingOptions(), scenarios)
                .invocationsPerIteration(invocations)
                .addGuarantee(forClasses("java.util.concurrent.ConcurrentHashMap")
                        .allMethods()
                        .treatAsAtomic()) // the JDK's own is not under test
                .sequentialSpecification(model)
                .check(operations);
        report(operations, "model checking", scenarios, invocations, start);
    }

    private static void stress(Class<?> operations, Class<?> model, int scenarios, int invocations) {
        long start = System.nanoTime();
        sized(new StressOptions(), scenarios)
                .invocationsPerIteration(invocations)
                .sequentialSpecification(model)
                .check(operations);
        report(operations, "stress", scenarios, invocations, start);
    }

    private static <O extends Options<O, ?>> O sized(O options, int scenarios) {
        return options.iterations(scenarios)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2);
    }

    private static void report(Class<?> operations, String how, int scenarios, int invocations, long start) {
        System.out.printf(
                "%s, %s: %d scenarios of at most %d interleavings, %d ms%n",
                operations.getSimpleName(), how, scenarios, invocations, (System.nanoTime() - start) / 1_000_000);
    }
}

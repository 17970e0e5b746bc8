package dev.pubsub.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rounds on real processes; none unless {@code harness.rounds} asks for them, as the profile harness does. */
class KafkaUnderFaultsTest {

    private static final int VOIDS = 3;

    private final int rounds = Integer.getInteger("harness.rounds", 0);
    private final long seed = Long.getLong("harness.seed", 0L) == 0L
            ? System.currentTimeMillis() % 1_000_000
            : Long.getLong("harness.seed", 0L);

    /** A round that is void is repeated, with another seed. */
    private static Report round(long seed, Mutant mutant) throws Exception {
        for (int again = 0; ; again++) {
            long of = seed + again * 1_000_000L;
            Path directory =
                    Path.of(System.getProperty("harness.directory"), mutant + "-" + of + "-" + System.nanoTime());
            Report report = new Round(of, directory, mutant).run();
            System.out.println(mutant + " " + report.row());
            report.verdicts().stream().limit(10).forEach(verdict -> System.out.println("  " + verdict));
            if (!report.isVoid() || again == VOIDS) {
                return report;
            }
        }
    }

    private static String named() {
        return System.getProperty("harness.mutant", "");
    }

    @Test
    void everyRoundIsGreen() throws Exception {
        assumeThat(rounds).isPositive();
        assumeThat(named()).isEmpty();
        for (int i = 0; i < rounds; i++) {
            Report report = round(seed + i, Mutant.NONE);
            assertThat(report.verdicts()).as("-Dharness.seed=%d", seed + i).isEmpty();
        }
    }

    /** {@code all}, or the name of one. */
    @Test
    void everyMutantIsSeen() throws Exception {
        assumeThat(rounds).isPositive();
        assumeThat(named()).isNotEmpty();
        List<Mutant> mutants = named().equals("all")
                ? Stream.of(Mutant.values()).filter(one -> one != Mutant.NONE).toList()
                : List.of(Mutant.valueOf(named()));
        for (Mutant mutant : mutants) {
            assertThat(round(seed, mutant).kinds()).as("%s", mutant).containsKey(mutant.seenAs());
        }
    }
}

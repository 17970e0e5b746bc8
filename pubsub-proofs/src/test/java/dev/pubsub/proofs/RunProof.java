package dev.pubsub.proofs;

import java.io.PrintWriter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs one test class without Maven, for {@code seed-faults.sh}: ends with 0 if all passed, with 1 if one failed, and
 * with 2 if there was none.
 */
final class RunProof {

    private RunProof() {}

    public static void main(String[] args) {
        Launcher launcher = LauncherFactory.create();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(DiscoverySelectors.selectClass(args[0]))
                        .build(),
                listener);
        listener.getSummary().printFailuresTo(new PrintWriter(System.out, true), 3);
        long found = listener.getSummary().getTestsFoundCount();
        boolean failed = listener.getSummary().getTotalFailureCount() > 0;
        System.exit(found == 0 ? 2 : failed ? 1 : 0);
    }
}

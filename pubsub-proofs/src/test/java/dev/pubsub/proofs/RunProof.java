package dev.pubsub.proofs;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/**
 * Runs one test class, or one method ({@code class#method}), without Maven, for {@code seed-faults.sh}: ends with 0 if
 * all passed, with 1 if one failed, and with 2 if there was none. Prints a line for each failure, with the message of
 * its root cause: what a proof failed with must be what it is there to see.
 */
final class RunProof {

    private RunProof() {}

    public static void main(String[] args) {
        Launcher launcher = LauncherFactory.create();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        launcher.execute(
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(args[0].contains("#") ? selectMethod(args[0]) : selectClass(args[0]))
                        .build(),
                listener);
        var summary = listener.getSummary();
        summary.getFailures().forEach(RunProof::print);
        boolean failed = summary.getTotalFailureCount() > 0;
        System.exit(summary.getTestsFoundCount() == 0 ? 2 : failed ? 1 : 0);
    }

    private static void print(Failure failure) {
        Throwable root = failure.getException();
        root.printStackTrace();
        while (root.getCause() != null) {
            root = root.getCause();
        }
        System.out.printf(
                "FAILED: %s: %s%n",
                failure.getTestIdentifier().getDisplayName(),
                String.valueOf(root).replaceAll("\\s+", " "));
    }
}

package dev.pubsub.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the console may know. */
class ConsoleArchitectureTest {

    private static final JavaClasses console = mainClasses();

    private static JavaClasses mainClasses() {
        try {
            return new ClassFileImporter()
                    .importPath(Path.of(ConsoleEndpoint.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** All that the page does goes through the other endpoints: of the engine, this jar knows that it is there. */
    @Test
    void ofTheEngineItKnowsNothingButThatThereIsOne() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.pubsub.console",
                        "dev.pubsub",
                        "java..",
                        "jakarta.servlet..",
                        "org.springframework..",
                        "reactor.core..",
                        "org.reactivestreams..",
                        "org.slf4j",
                        "org.jspecify.annotations")
                .check(console);
    }
}

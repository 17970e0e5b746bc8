package dev.pubsub.tck;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses suite = new ClassFileImporter()
            // By the folder, wherever the build directory is.
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("dev.pubsub.tck");

    @Test
    void theSuiteUsesOfTheEngineWhatAnyTransportAndApplicationMayUse() {
        classes()
                .that()
                .resideInAPackage("dev.pubsub.tck")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.pubsub",
                        "dev.pubsub.engine",
                        "dev.pubsub.spi",
                        "dev.pubsub.tck",
                        "java..",
                        "org.assertj..",
                        "org.awaitility..",
                        "org.jspecify.annotations",
                        "org.junit.jupiter..")
                .check(suite);
    }
}

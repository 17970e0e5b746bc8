package dev.pubsub.test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses kit = new ClassFileImporter()
            // By the folder, wherever the build directory is.
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("dev.pubsub.test");

    @Test
    void theKitNeedsNoSpring() {
        noClasses()
                .that()
                .resideInAPackage("dev.pubsub.test")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "org.junit..", "dev.pubsub.spring..")
                .check(kit);
    }

    @Test
    void itUsesOfTheEngineWhatAnyApplicationMayUse() {
        classes()
                .that()
                .resideInAPackage("dev.pubsub.test..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.pubsub",
                        "dev.pubsub.engine",
                        "dev.pubsub.resilience",
                        "dev.pubsub.spi",
                        "dev.pubsub.test..",
                        "io.github.resilience4j.circuitbreaker",
                        "java..",
                        "org.assertj..",
                        "org.jspecify.annotations",
                        "org.junit.jupiter..",
                        "org.slf4j",
                        "org.springframework..")
                .check(kit);
    }

    @Test
    void itsPackagesHaveNoCycles() {
        slices().matching("dev.pubsub.(**)").should().beFreeOfCycles().check(kit);
    }
}

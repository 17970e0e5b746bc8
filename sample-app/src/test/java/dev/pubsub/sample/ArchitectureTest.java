package dev.pubsub.sample;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private final JavaClasses sample = new ClassFileImporter()
            // By the folder, wherever the build directory is.
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("dev.pubsub.sample");

    @Test
    void usesOfTheEngineWhatAnyApplicationMayUse() {
        classes()
                .that()
                .resideInAPackage("dev.pubsub.sample..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.pubsub",
                        "dev.pubsub.spring",
                        "dev.pubsub.spring.event",
                        "dev.pubsub.sample..",
                        "java..",
                        "com.sun.net.httpserver",
                        "org.springframework..",
                        "org.slf4j",
                        "org.jspecify.annotations",
                        "com.fasterxml.jackson.annotation",
                        "tools.jackson..")
                .check(sample);
    }

    @Test
    void itsFeaturesHaveNoCycles() {
        slices().matching("dev.pubsub.sample.(*)..").should().beFreeOfCycles().check(sample);
    }

    @Test
    void theEventKnowsNoneOfThoseThatHandleIt() {
        noClasses()
                .that()
                .resideInAPackage("dev.pubsub.sample.quake")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.pubsub.sample.alerts..",
                        "dev.pubsub.sample.api..",
                        "dev.pubsub.sample.blasts..",
                        "dev.pubsub.sample.catalog..",
                        "dev.pubsub.sample.feed..",
                        "dev.pubsub.sample.gateway..",
                        "dev.pubsub.sample.oncall..",
                        "dev.pubsub.sample.statistics..",
                        "dev.pubsub.sample.usgs..",
                        "dev.pubsub.sample.warnings..")
                .check(sample);
    }
}

package dev.pubsub.spring;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.pubsub.engine.Overflow;
import dev.pubsub.engine.PubSubBuilder;
import dev.pubsub.engine.PubSubEngine;
import dev.pubsub.observe.ContextCarrier;
import dev.pubsub.observe.ContextPropagation;
import dev.pubsub.observe.ContextTracer;
import dev.pubsub.observe.MeterlessObservationHandler;
import dev.pubsub.observe.MicrometerMetrics;
import dev.pubsub.observe.MicrometerTracer;
import dev.pubsub.observe.ProcessObservationContext;
import dev.pubsub.observe.ProcessObservationConvention;
import dev.pubsub.observe.PublishObservationConvention;
import dev.pubsub.resilience.ResilienceRegistries;
import dev.pubsub.spring.asyncapi.GeneratedSchemas;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;

/** The map of the starter's packages. */
class StarterArchitectureTest {

    private static final Set<String> FACTORIES = Set.of(
            PubSubEngine.class.getName(),
            PubSubBuilder.class.getName(),
            Overflow.class.getName(),
            MicrometerMetrics.class.getName(),
            MicrometerTracer.class.getName(),
            MeterlessObservationHandler.class.getName(),
            PublishObservationConvention.class.getName(),
            ProcessObservationConvention.class.getName(),
            ProcessObservationContext.class.getName(),
            ContextCarrier.class.getName(),
            ContextPropagation.class.getName(),
            ContextTracer.class.getName(),
            ResilienceRegistries.class.getName());

    private static final JavaClasses starter = mainClasses();

    /** By the place of one of them: another output directory must not let tests in. */
    private static JavaClasses mainClasses() {
        try {
            return new ClassFileImporter()
                    .importPath(Path.of(Subscribe.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.pubsub.(spring..)")
                .namingSlices("$1")
                .should()
                .beFreeOfCycles()
                .check(starter);
    }

    @Test
    void internalsOfTheCoreAreNotUsed() {
        DescribedPredicate<JavaClass> internals = resideInAPackage("dev.pubsub..")
                .and(DescribedPredicate.not(resideInAnyPackage(
                        "dev.pubsub", "dev.pubsub.spi", "dev.pubsub.journey", "dev.pubsub.spring..")))
                .and(DescribedPredicate.describe("no factory", type -> !FACTORIES.contains(type.getName())));
        noClasses().should().dependOnClassesThat(internals).check(starter);
    }

    @Test
    void autoConfigurationsAreFinalAndOfOnePackage() {
        classes()
                .that()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .andShould()
                .bePublic()
                .andShould()
                .resideInAPackage("dev.pubsub.spring.autoconfigure")
                .check(starter);
        constructors()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(AutoConfiguration.class)
                .should()
                .bePackagePrivate()
                .check(starter);
    }

    @Test
    void onlyEndpointsAndTheirConfigurationKnowActuator() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.pubsub.spring.actuate", "dev.pubsub.spring.autoconfigure")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.boot.actuate..", "org.springframework.boot.health..")
                .check(starter);
    }

    @Test
    void onlyConversionAndEndpointsKnowJackson() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.pubsub.spring.conversion",
                        "dev.pubsub.spring.asyncapi",
                        "dev.pubsub.spring.actuate",
                        "dev.pubsub.spring.autoconfigure")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("tools.jackson..", "com.fasterxml.jackson..")
                .check(starter);
    }

    @Test
    void onlyOneClassKnowsTheGeneratorOfSchemas() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(GeneratedSchemas.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.github.victools..")
                .check(starter);
    }

    @Test
    void onlyOnePackageKnowsTracing() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.pubsub.spring.tracing", "dev.pubsub.spring.autoconfigure")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(starter);
    }

    @Test
    void onlyOnePackageKnowsTransactions() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.pubsub.spring.transaction", "dev.pubsub.spring.autoconfigure")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.transaction..")
                .check(starter);
    }
}

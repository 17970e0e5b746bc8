package dev.pubsub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keeps the map of the packages that docs/architecture.md draws. */
class ArchitectureTest {

    private static final String API = "dev.pubsub";
    private static final String SPI = "spi";
    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src", "main", "java");
    private static final int MAX_LINES = 400;

    /**
     * Which package stands directly on which others; it may use whatever is below them too. The SPI and the API are
     * below all, and need no mention.
     */
    private static final Map<String, List<String>> STANDS_ON = new LinkedHashMap<>();

    static {
        STANDS_ON.put("engine", List.of("publish", "observe", "transport.memory"));
        STANDS_ON.put("publish", List.of("dispatch"));
        STANDS_ON.put("dispatch", List.of("delivery"));
        STANDS_ON.put("transport.memory", List.of());
        STANDS_ON.put("observe", List.of());
        STANDS_ON.put("delivery", List.of("resilience", "deadletter", "codec"));
        STANDS_ON.put("resilience", List.of());
        STANDS_ON.put("deadletter", List.of());
        STANDS_ON.put("codec", List.of());
        STANDS_ON.put("journey", List.of());
    }

    /** What reads the clock of the machine, or sleeps by it. */
    private static final Set<String> STATIC_TIME = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.Thread.sleep",
            "java.util.concurrent.TimeUnit.sleep",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.Clock.system",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone");

    private static JavaClasses engine;

    @BeforeAll
    static void importClasses() {
        engine = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages(API);
    }

    @Test
    void packagesHaveNoCycles() {
        check(SlicesRuleDefinition.slices().assignedFrom(byPackage()).should().beFreeOfCycles());
    }

    @Test
    void packagesDependDownwardsOnly() {
        LayeredArchitecture layers = Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true);
        layers = layers.layer("API").definedBy(API).layer(SPI).definedBy(inEngine(SPI));
        for (String name : STANDS_ON.keySet()) {
            layers = layers.layer(name).definedBy(inEngine(name));
        }

        layers = layers.whereLayer("API").mayNotAccessAnyLayer();
        layers = layers.whereLayer(SPI).mayOnlyAccessLayers("API");
        for (String name : STANDS_ON.keySet()) {
            layers = layers.whereLayer(name).mayOnlyAccessLayers(below(name).toArray(String[]::new));
        }
        check(layers);
    }

    @Test
    void everyPackageHasItsPlaceInTheMap() {
        List<String> places = new ArrayList<>(List.of(API, inEngine(SPI)));
        STANDS_ON.keySet().forEach(name -> places.add(inEngine(name)));

        check(classes().should().resideInAnyPackage(places.toArray(String[]::new)));
    }

    @Test
    void apiDependsOnNothingButJavaAndJspecify() {
        check(classes()
                .that()
                .resideInAPackage(API)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(API, "java..", "org.jspecify.."));
    }

    @Test
    void onlyResilienceImportsResilience4j() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(inEngine("resilience"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.resilience4j.."));
    }

    @Test
    void onlyObserveImportsMicrometer() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(inEngine("observe"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer.."));
    }

    @Test
    void timeIsInjected() {
        check(noClasses()
                .that(areNotASourceOfTime())
                .should()
                .accessTargetWhere(isStaticTime())
                .because("deadlines, retries and breaker waits follow the one time source of dev.pubsub.spi"));
    }

    @Test
    void everyPackageIsNullMarked() {
        List<String> unmarked = engine.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(candidate -> !candidate.isAnnotatedWith(NullMarked.class))
                .map(candidate -> candidate.getName())
                .sorted()
                .toList();

        assertThat(unmarked).as("packages whose package-info lacks @NullMarked").isEmpty();
    }

    @Test
    void sourceFilesStayShort() throws IOException {
        assertThat(sourcesLongerThan(MAX_LINES))
                .as("files of more than %d lines, which hold more than one idea", MAX_LINES)
                .isEmpty();
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(engine);
    }

    private static String inEngine(String name) {
        return API + "." + name + "..";
    }

    private static Set<String> below(String name) {
        Set<String> below = new LinkedHashSet<>(Set.of(SPI, "API"));
        for (String next : STANDS_ON.get(name)) {
            below.add(next);
            below.addAll(below(next));
        }
        return below;
    }

    private static SliceAssignment byPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass candidate) {
                String name = candidate.getPackageName();
                return name.startsWith(API) ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
    }

    /** The SPI's time source, and messages, which are stamped without an engine. */
    private static DescribedPredicate<JavaClass> areNotASourceOfTime() {
        Set<String> messages = Set.of("Message", "MessageIds");
        return DescribedPredicate.describe("are not a source of time", candidate -> {
            String name = outermost(candidate).getSimpleName();
            boolean message = candidate.getPackageName().equals(API) && messages.contains(name);
            boolean timeSource = candidate.getPackageName().equals(API + "." + SPI) && name.endsWith("TimeSource");
            return !message && !timeSource;
        });
    }

    private static DescribedPredicate<JavaAccess<?>> isStaticTime() {
        return DescribedPredicate.describe("it reads the machine's clock or sleeps", access -> {
            String owner = access.getTarget().getOwner().getFullName();
            return STATIC_TIME.contains(owner + "." + access.getTarget().getName());
        });
    }

    private static JavaClass outermost(JavaClass nested) {
        JavaClass current = nested;
        while (current.getEnclosingClass().isPresent()) {
            current = current.getEnclosingClass().get();
        }
        return current;
    }

    private static List<String> sourcesLongerThan(int lines) throws IOException {
        if (!Files.isDirectory(SOURCES)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> lineCount(file) > lines)
                    .map(file -> SOURCES.relativize(file) + ": " + lineCount(file))
                    .sorted()
                    .toList();
        }
    }

    private static long lineCount(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

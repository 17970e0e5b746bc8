package dev.pubsub.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.javapoet.ClassName;

/** What Spring's ahead-of-time processing hands to a native image for an application with the console. */
class ConsoleNativeHintsTests {

    private static final String PAGE = "dev/pubsub/console/page/";

    private static RuntimeHints hints;

    /** Processes a whole application, as the build of a native image does. */
    @BeforeAll
    static void process() {
        DefaultGenerationContext generation = new DefaultGenerationContext(
                new ClassNameGenerator(ClassName.get("dev.pubsub.console", "Application")),
                new InMemoryGeneratedFiles());
        AnnotationConfigServletWebServerApplicationContext context =
                new AnnotationConfigServletWebServerApplicationContext();
        TestPropertyValues.of("management.endpoints.web.exposure.include=*").applyTo(context);
        context.register(ConsoleTests.App.class);
        new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        hints = generation.getRuntimeHints();
    }

    @Test
    void everyFileOfThePageIsInTheImage() throws IOException {
        Resource[] files = new PathMatchingResourcePatternResolver().getResources("classpath:" + PAGE + "*");

        assertThat(Arrays.stream(files).map(Resource::getFilename))
                .contains("index.html", "console.css", "console.js", "icon.svg")
                .allSatisfy(
                        name -> assertThat(resource().forResource(PAGE + name)).accepts(hints));
    }

    @ParameterizedTest
    @ValueSource(strings = {"uplot.js", "uplot.css"})
    void soAreTheChartsAndWhatTellsTheirVersion(String name) {
        ClassPathResource file = (ClassPathResource) ConsoleAssets.find(name).content();

        assertThat(resource().forResource(file.getPath())).accepts(hints);
        assertThat(resource().forResource("META-INF/maven/org.webjars.npm/uplot/pom.properties"))
                .accepts(hints);
    }

    /** Else the page would be handed no token, and everything that it does would be refused. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.springframework.security.web.csrf.CsrfToken",
                "org.springframework.security.web.server.csrf.CsrfToken",
                "org.springframework.security.web.server.SecurityWebFilterChain"
            })
    void springSecurityIsFoundByName(String type) throws ClassNotFoundException {
        assertThat(reflection().onType(Class.forName(type))).accepts(hints);
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "asset"})
    void theEndpointCanBeCalled(String operation) {
        assertThat(reflection().onMethodInvocation(ConsoleEndpoint.class, operation))
                .accepts(hints);
    }
}

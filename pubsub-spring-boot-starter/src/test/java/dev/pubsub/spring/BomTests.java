package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** Users import pubsub-bom, and then need no version of any module of ours. */
class BomTests {

    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Path BOM = ROOT.resolve("pubsub-bom").resolve("pom.xml");

    @Test
    void itListsExactlyTheModulesThatArePublished() {
        List<String> published = texts(ROOT.resolve("pom.xml"), "/project/modules/module").stream()
                .filter(BomTests::isPublishedJar)
                .toList();

        assertThat(published).contains("pubsub-core", "pubsub-spring-boot-starter");
        assertThat(texts(BOM, "/project/dependencyManagement/dependencies/dependency/artifactId"))
                .containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void itNamesThemInOurVersionAndNothingElse() {
        assertThat(texts(BOM, "/project/version")).isEqualTo(texts(ROOT.resolve("pom.xml"), "/project/version"));
        assertThat(texts(BOM, "//dependency/version")).containsOnly("${project.version}");
        assertThat(texts(BOM, "//dependency/groupId")).containsOnly("dev.pubsub");
        assertThat(texts(BOM, "/project/parent")).isEmpty();
    }

    private static boolean isPublishedJar(String module) {
        Path pom = ROOT.resolve(module).resolve("pom.xml");
        return !texts(pom, "/project/packaging").contains("pom")
                && !texts(pom, "/project/properties/maven.deploy.skip").contains("true");
    }

    private static List<String> texts(Path pom, String path) {
        try {
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
            NodeList nodes =
                    (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
            return IntStream.range(0, nodes.getLength())
                    .mapToObj(i -> nodes.item(i).getTextContent().strip())
                    .toList();
        } catch (Exception e) {
            throw new AssertionError("Cannot read " + pom, e);
        }
    }
}

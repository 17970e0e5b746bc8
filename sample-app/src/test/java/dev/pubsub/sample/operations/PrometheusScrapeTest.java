package dev.pubsub.sample.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pubsub.sample.Features;
import dev.pubsub.sample.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The dashboard and the alert rules in docs/operations use nothing that the sample's own {@code /actuator/prometheus}
 * does not have. What promtool has to say of them, {@code .ci/run} asks it, with the scrape that this test leaves in
 * the build directory.
 */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "quakewatch.feed.enabled=false",
            "management.prometheus.metrics.export.enabled=true",
            "pubsub.subscriptions.alerts.retry.max-attempts=1"
        })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrometheusScrapeTest {

    private static final Path OPERATIONS = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .getParent()
            .resolve("docs/operations");
    private static final Path BUILD = buildDirectory();

    /** A metric of ours, or of the breakers, with the labels that are asked for. */
    private static final Pattern USED = Pattern.compile("\\b((?:pubsub|resilience4j)_\\w+)\\s*(?:\\{([^}]*)})?");

    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");

    /** Given to everything by who scrapes, or to the dashboard by its variables. */
    private static final Set<String> LABELS_OF_THE_SCRAPER = Set.of("job", "instance");

    @LocalServerPort
    private int port;

    private Map<String, Set<String>> scraped;

    @BeforeAll
    void scrapeOnceEachKindOfMeterIsThere() throws IOException {
        RunningApp app = new RunningApp(port);
        app.report(Features.earthquake("scrape-1", 5.1));
        await().atMost(Duration.ofSeconds(30)).until(() -> app.figure("alerts", "completed") >= 1);
        app.gateway("down");
        app.report(Features.earthquake("scrape-2", 5.1));
        await().atMost(Duration.ofSeconds(30)).until(() -> app.figure("alerts", "deadLettered") >= 1);
        String text = app.text("/actuator/prometheus");
        Files.writeString(BUILD.resolve("prometheus-scrape.txt"), ours(text));
        scraped = metrics(text);
    }

    @Test
    void everyMetricAndLabelThatTheDashboardUsesExists() {
        List<String> expressions = dashboardExpressions();

        assertThat(expressions).hasSizeGreaterThan(20).allSatisfy(this::usesOnlyWhatExists);
    }

    /** As rules, so that promtool can say whether they are expressions at all. */
    @Test
    void theDashboardsExpressionsAreLeftForPromtool() throws IOException {
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        int number = 0;
        for (JsonNode expression : dashboard().findValues("expr")) {
            String plain = expression
                    .stringValue()
                    .replaceAll("\\$__(rate_interval|range)", "5m")
                    .replaceAll("\\$\\w+", ".*");
            assertThat(plain).doesNotContain("'", "$");
            rules.append("      - record: dashboard:%d\n        expr: '%s'\n".formatted(++number, plain));
        }

        Path file = Files.writeString(BUILD.resolve("prometheus-dashboard-rules.yml"), rules);

        Map<?, ?> written = new Yaml().load(Files.readString(file));
        assertThat(written.get("groups").toString()).contains("dashboard:" + number);
    }

    @Test
    void everyPanelSaysWhatItShowsAndNoneLiesOnAnother() {
        Set<String> places = new TreeSet<>();
        for (JsonNode panel : dashboard().get("panels")) {
            JsonNode at = panel.get("gridPos");
            for (int x = at.get("x").intValue();
                    x < at.get("x").intValue() + at.get("w").intValue();
                    x++) {
                for (int y = at.get("y").intValue();
                        y < at.get("y").intValue() + at.get("h").intValue();
                        y++) {
                    assertThat(places.add(x + "," + y))
                            .as("place of %s", panel.get("title"))
                            .isTrue();
                }
            }
            assertThat(panel.path("title").asString("")).isNotBlank();
            if (!panel.get("type").stringValue().equals("row")) {
                assertThat(panel.path("description").asString("")).endsWith(".");
            }
        }
    }

    @Test
    void everyMetricAndLabelThatTheAlertRulesUseExists() {
        assertThat(rules())
                .hasSizeGreaterThan(8)
                .allSatisfy(rule -> usesOnlyWhatExists(String.valueOf(rule.get("expr"))));
    }

    /** So that nobody is woken by a name alone. */
    @Test
    void everyAlertSaysWhatItIsHowBadItIsAndWhatToDoAndIsTested() {
        String guide = read("README.md");
        String tests = read("alerts-test.yml");

        assertThat(rules()).allSatisfy(rule -> {
            String name = String.valueOf(rule.get("alert"));
            assertThat(map(rule.get("labels")).get("severity")).as(name).isIn("warning", "critical");
            assertThat(map(rule.get("annotations"))).as(name).containsKeys("summary", "description");
            assertThat(guide).contains("| `" + name + "` |");
            assertThat(tests).contains("alertname: " + name + "\n");
        });
    }

    /** Nothing is measured for nobody: what is neither drawn nor alerted on is at least in the guide. */
    @Test
    void theGuideNamesEveryMetricOfOurs() {
        String guide = read("README.md");

        assertThat(scraped.keySet().stream().filter(name -> name.startsWith("pubsub_")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(guide).contains(name.replaceFirst("_(count|sum|max)$", "")));
    }

    private void usesOnlyWhatExists(String expression) {
        Matcher used = USED.matcher(expression);
        assertThat(used.find()).as("a metric of ours in %s", expression).isTrue();
        do {
            assertThat(scraped).containsKey(used.group(1));
            Matcher matcher = MATCHER.matcher(used.group(2) == null ? "" : used.group(2));
            while (matcher.find()) {
                if (!LABELS_OF_THE_SCRAPER.contains(matcher.group(1))) {
                    assertThat(scraped.get(used.group(1)))
                            .as("labels of %s", used.group(1))
                            .contains(matcher.group(1));
                }
            }
        } while (used.find());
    }

    private static List<String> dashboardExpressions() {
        JsonNode dashboard = dashboard();
        return Stream.concat(
                        dashboard.findValues("expr").stream(),
                        StreamSupport.stream(dashboard.at("/templating/list").spliterator(), false)
                                .map(variable -> variable.at("/query/query"))
                                .filter(query -> !query.isMissingNode()))
                .map(JsonNode::stringValue)
                .toList();
    }

    private static JsonNode dashboard() {
        return JsonMapper.shared().readTree(read("grafana-dashboard.json"));
    }

    private static List<Map<?, ?>> rules() {
        Map<?, ?> file = new Yaml().load(read("alerts.yml"));
        return ((List<?>) file.get("groups"))
                .stream()
                        .flatMap(group -> ((List<?>) map(group).get("rules")).stream())
                        .<Map<?, ?>>map(PrometheusScrapeTest::map)
                        .toList();
    }

    private static Map<String, Object> map(Object value) {
        Map<String, Object> map = new TreeMap<>();
        ((Map<?, ?>) value).forEach((key, one) -> map.put(String.valueOf(key), one));
        return map;
    }

    /** The labels of each metric. */
    private static Map<String, Set<String>> metrics(String text) {
        Map<String, Set<String>> metrics = new TreeMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Set<String> labels = metrics.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            Matcher label = MATCHER.matcher(sample.group(2) == null ? "" : sample.group(2));
            while (label.find()) {
                labels.add(label.group(1));
            }
        });
        return metrics;
    }

    /** What others measure is not ours to have checked. */
    private static String ours(String text) {
        Pattern ours = Pattern.compile("(?:# \\w+ )?(?:pubsub|resilience4j)_.*");
        return String.join(
                        "\n",
                        text.lines()
                                .filter(line -> ours.matcher(line).matches())
                                .toList()) + "\n";
    }

    private static String read(String file) {
        try {
            return Files.readString(OPERATIONS.resolve(file));
        } catch (IOException e) {
            throw new AssertionError("docs/operations/" + file + " cannot be read", e);
        }
    }

    /** Wherever it is: {@code .ci/run} has one for each JDK. */
    private static Path buildDirectory() {
        try {
            return Path.of(PrometheusScrapeTest.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .getParent();
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}

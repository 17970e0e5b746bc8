package dev.pubsub.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.util.MimeType;
import org.springframework.util.StringUtils;

/** The files that the page is made of: its own, and two of the chart library's WebJar. */
final class ConsoleAssets {

    /** A file and what it is. */
    record Asset(Resource content, MimeType type) {}

    private static final String OWN = "dev/pubsub/console/page/";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z.-]{0,60}");
    private static final Map<String, MimeType> TYPES = Map.of(
            "css", MimeType.valueOf("text/css;charset=UTF-8"),
            "js", MimeType.valueOf("text/javascript;charset=UTF-8"),
            "svg", MimeType.valueOf("image/svg+xml"));
    private static final Map<String, String> CHARTS = Map.of("uplot.js", "uPlot.esm.js", "uplot.css", "uPlot.min.css");
    private static final String CHARTS_POM = "META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final String CHARTS_FILE = "META-INF/resources/webjars/uplot/%s/dist/%s";

    /** All that is read, for native images. */
    static final List<String> PATTERNS = Stream.concat(
                    Stream.of(OWN + "*", CHARTS_POM),
                    CHARTS.values().stream().map(file -> CHARTS_FILE.formatted("*", file)))
            .toList();

    private ConsoleAssets() {}

    /** Null where there is none of that name. */
    static @Nullable Asset find(String name) {
        MimeType type = TYPES.get(String.valueOf(StringUtils.getFilenameExtension(name)));
        if (type == null || !NAME.matcher(name).matches()) {
            return null;
        }
        String chart = CHARTS.get(name);
        Resource content = own(chart == null ? OWN + name : CHARTS_FILE.formatted(ChartLibrary.VERSION, chart));
        return content.exists() ? new Asset(content, type) : null;
    }

    static Resource own(String path) {
        return new ClassPathResource(path, ConsoleAssets.class.getClassLoader());
    }

    /** Wherever the version that the application has puts it. */
    private static final class ChartLibrary {

        static final String VERSION = version();

        private static String version() {
            try {
                Properties pom = PropertiesLoaderUtils.loadProperties(own(CHARTS_POM));
                return pom.getProperty("version", "");
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "The console needs the WebJar org.webjars.npm:uplot, which is not on the class path", e);
            }
        }
    }
}

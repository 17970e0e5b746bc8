package dev.pubsub.spring.diagnostics;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says of a value below {@code pubsub} that cannot be read where it stands and what to write instead. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PropertyBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("pubsub");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        BindException inner = innermost(cause);
        ConfigurationPropertyName name = inner.getName();
        if (!ROOT.isAncestorOf(name)) {
            return null;
        }
        Class<?> type = inner.getTarget().getType().resolve(Object.class);
        ConfigurationProperty property = inner.getProperty();
        String description = "The value of the property '" + name + "'"
                + (property == null ? "" : " (" + StartupFailures.origin(property) + ")") + " is not "
                + expected(type) + ".";
        return new FailureAnalysis(
                description,
                "Write, for example:\n\n    " + StartupFailures.yaml(name.toString(), example(name, type)),
                inner);
    }

    private static BindException innermost(BindException exception) {
        BindException inner = exception;
        for (Throwable cause = exception.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException nested) {
                inner = nested;
            }
        }
        return inner;
    }

    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(PropertyBindFailureAnalyzer::relaxed)
                            .collect(Collectors.joining(", "));
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "float", "Float", "double", "Double" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "Duration" -> "a duration such as 200ms, 30s or 7d";
            case "DataSize" -> "a size such as 8KB or 1MB";
            case "Class" -> "the name of a class that is on the class path";
            default -> "a " + type.getSimpleName();
        };
    }

    private static String example(ConfigurationPropertyName name, Class<?> type) {
        if (type.isEnum()) {
            return relaxed(type.getEnumConstants()[0]);
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "10";
            case "float", "Float", "double", "Double" -> "1.0";
            case "boolean", "Boolean" -> "true";
            case "Duration" -> "30s";
            case "DataSize" -> "1MB";
            case "Class" -> "java.io.IOException";
            default -> "<" + name.getLastElement(ConfigurationPropertyName.Form.DASHED) + ">";
        };
    }

    private static String relaxed(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package dev.pubsub.spring.diagnostics;

import dev.pubsub.spi.UnsupportedSubscriptionException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;

/** The mistakes that stop the start, with one wording: what is wrong and where, then the line to write. */
public final class StartupFailures {

    private StartupFailures() {}

    /** Two subscriptions bear one id. */
    public static StartupFailure duplicateId(
            String id, String where, @Nullable String other, @Nullable Throwable cause) {
        return failure(
                "The subscription id '" + id + "' of " + where + " is taken already"
                        + (other == null ? " by another subscription of the engine." : ", by " + other + "."),
                "Give one of them an id of its own:",
                "@Subscribe(id = \"" + id + "-2\", ...)",
                cause);
    }

    /** Two ids cannot be told apart in properties. */
    public static StartupFailure idsEqualInRelaxedForm(String id, String other, String where) {
        return failure(
                "The subscription ids '" + id + "' (" + where + ") and '" + other
                        + "' are the same in relaxed form, so that"
                        + " pubsub.subscriptions.<id>.* could not tell them apart.",
                "Choose ids that differ in more than case, dashes and underscores:",
                "@Subscribe(id = \"" + id + "-2\", ...)",
                null);
    }

    /** What is kept outside the process hangs on an id that was not given. */
    public static StartupFailure needsId(String id, String where) {
        return failure(
                "The subscription of " + where
                        + " has no id of its own, and its transport keeps messages under it: with"
                        + " another name of bean or method it would begin anew.",
                "Give it one that will stay:",
                "@Subscribe(id = \"" + id + "\", ...)",
                null);
    }

    /** An id breaks its syntax. */
    public static StartupFailure invalidId(String id, boolean fromNames, String where) {
        return failure(
                "The subscription id '" + id + "' of " + where
                        + (fromNames ? ", made of the names of bean and method," : "")
                        + " is not valid: it must be 1 to 100 of A-Z a-z 0-9 . _ - and begin with a letter or digit.",
                "Give it an id:",
                "@Subscribe(id = \"orders\", ...)",
                null);
    }

    /** A topic pattern breaks its syntax. */
    public static StartupFailure invalidPattern(String pattern, String problem, String where) {
        return failure(
                "The topic pattern '" + pattern + "' of " + where + " is not valid: " + problem + ".",
                "Write segments separated by dots, * for exactly one, and ** for the last ones, for example:",
                "@Subscribe(\"orders.*.created\")",
                null);
    }

    /** No topic was named. */
    public static StartupFailure noTopic(String id, String where) {
        return failure(
                "The subscription '" + id + "' of " + where + " has no topic.",
                "Name at least one:",
                "@Subscribe(\"orders.created\")   or   pubsub.subscriptions." + id + ".topics: orders.created",
                null);
    }

    /** An attribute of the annotation has a value that cannot be read. */
    public static StartupFailure invalidAttribute(
            String attribute, String value, String expected, String example, String where) {
        return failure(
                "The attribute '" + attribute + "' of @Subscribe on " + where + " is '" + value + "', which is not "
                        + expected + ".",
                "Write, for example:",
                "@Subscribe(" + attribute + " = " + example + ", ...)",
                null);
    }

    /** A setting is out of range, or contradicts another one. */
    public static StartupFailure invalidSetting(
            String property, @Nullable String origin, String problem, String example, @Nullable Throwable cause) {
        return failure(
                "The setting '" + property + "'" + (origin == null ? "" : " (" + origin + ")") + " is not valid: "
                        + problem + ".",
                "Write, for example:",
                yaml(property, example),
                cause);
    }

    /** A parameter cannot be bound. */
    public static StartupFailure badParameter(Method method, String problem, String example) {
        return failure(
                "The signature of " + describe(method) + " does not fit a subscription: " + problem + ".",
                "Write, for example:",
                example,
                null);
    }

    /** Spring's own Message where ours is meant. */
    public static StartupFailure wrongMessageType(Method method, Class<?> type) {
        return failure(
                "The signature of " + describe(method) + " takes a " + type.getName()
                        + ", which belongs to Spring Messaging; messages of this engine are of type dev.pubsub.Message.",
                "Import dev.pubsub.Message instead:",
                "void " + method.getName() + "(dev.pubsub.Message<Order> message)",
                null);
    }

    /** A return type that means nothing here. */
    public static StartupFailure badReturnType(Method method) {
        return failure(
                describe(method) + " returns " + method.getGenericReturnType().getTypeName()
                        + "; a handler returns nothing, or a CompletionStage, Mono or other single-valued reactive type to"
                        + " be awaited.",
                "Return nothing, and publish what others are to receive:",
                "void " + method.getName() + "(...) { ...; publisher.publish(\"orders.checked\", result); }",
                null);
    }

    /** A bean of a scope that has no bean outside a request, or another one each time. */
    public static StartupFailure unsupportedScope(String bean, String scope, Method method) {
        return failure(
                describe(method) + " is a subscription, but its bean '" + bean + "' has the scope '" + scope
                        + "': no such bean lives as long as a subscription does.",
                "Move the method to a singleton bean, or make this one a singleton:",
                "@Scope(\"singleton\")",
                null);
    }

    /** A method that cannot be called on the bean, for its modifiers or because of a proxy. */
    public static StartupFailure notInvocable(Method method, String problem, String fix, @Nullable Throwable cause) {
        return failure(
                describe(method) + " is a subscription, but cannot be called on its bean: " + problem + ".",
                "Write, for example:",
                fix,
                cause);
    }

    /** A condition that SpEL cannot read, or that names what there is not. */
    public static StartupFailure badCondition(String id, String where, String problem, @Nullable Throwable cause) {
        return failure(
                "The condition of the subscription '" + id + "' (" + where + ") is not valid: " + problem + ".",
                "Use message, payload, headers and #parameterName, for example:",
                "condition = \"payload.total > 100 and headers['region'] == 'eu'\"",
                cause);
    }

    /** A transport that is not here. */
    public static StartupFailure unknownTransport(String transport) {
        boolean kafka = "kafka".equalsIgnoreCase(transport);
        return failure(
                "The property 'pubsub.transport' is '" + transport + "', "
                        + (kafka
                                ? "but the module with that transport is not on the class path."
                                : "and there is no such transport; there are: memory, kafka."),
                kafka ? "Add the dependency:" : "Write:",
                kafka
                        ? "<dependency><groupId>dev.pubsub</groupId><artifactId>pubsub-kafka</artifactId></dependency>"
                        : "pubsub.transport: memory",
                null);
    }

    /** A subscription asks for what the transport cannot do. */
    public static StartupFailure unsupportedSubscription(String where, UnsupportedSubscriptionException cause) {
        return failure(
                "The subscription of " + where + " asks for what its transport cannot do. " + cause.getMessage() + ".",
                "Leave that out, or choose another transport:",
                "pubsub.transport: memory",
                cause);
    }

    /** A store of dead letters that is not here. */
    public static StartupFailure unknownDeadLetterStore(String type) {
        return failure(
                "The property 'pubsub.dead-letter-store.type' is '" + type + "', and there is no such store; there is:"
                        + " memory.",
                "Write:",
                "pubsub.dead-letter-store.type: memory",
                null);
    }

    /** Virtual threads on a Java that has none. */
    public static StartupFailure noVirtualThreads(String property, @Nullable String origin) {
        return failure(
                "The setting '" + property + "'" + (origin == null ? "" : " (" + origin + ")")
                        + " is virtual, but this is Java " + Runtime.version().feature()
                        + "; virtual threads need Java 21 or later.",
                "Run on Java 21 or later, or write:",
                yaml(property, "platform"),
                null);
    }

    /** Transactions are asked for, and Spring's are not here. */
    public static StartupFailure noSpringTransactions() {
        return failure(
                "The property 'pubsub.publisher.transaction' is after-commit, but spring-tx is not on the class path, so"
                        + " that no transaction could be seen.",
                "Add the dependency (a starter such as spring-boot-starter-jdbc brings it), or write"
                        + " pubsub.publisher.transaction: immediate",
                "<dependency><groupId>org.springframework</groupId><artifactId>spring-tx</artifactId></dependency>",
                null);
    }

    /** A handler's class and method with the types of its parameters. */
    public static String describe(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    /** Where a property was written. */
    public static String origin(ConfigurationProperty property) {
        Origin origin = property.getOrigin();
        return origin == null ? "from the environment" : "from " + origin;
    }

    /** A property as one line, which YAML and properties files both read. */
    public static String yaml(String property, String value) {
        return property + ": " + value;
    }

    /** The name of those that is the most like this one; null if there are none. */
    public static @Nullable String nearest(String name, Collection<String> names) {
        String nearest = null;
        int smallest = Integer.MAX_VALUE;
        for (String candidate : names) {
            int distance = distance(name, candidate);
            if (distance < smallest) {
                smallest = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int replaced = previous[j - 1] + (same ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }

    private static StartupFailure failure(String description, String action, String line, @Nullable Throwable cause) {
        return new StartupFailure(description, action + "\n\n    " + line, cause);
    }
}

package dev.pubsub.spring.handler;

import dev.pubsub.Message;
import dev.pubsub.PubSubHeaders;
import dev.pubsub.spi.PayloadCodec;
import dev.pubsub.spring.diagnostics.StartupFailures;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.util.ClassUtils;

/**
 * A SpEL expression that says which messages a subscription takes. Read-only data binding with instance methods: it
 * reaches no beans and no types. Parsed once; names that do not exist stop the start instead of being null at run time.
 */
public final class Condition implements Predicate<Message<?>> {

    private final SpelExpression expression;
    private final HandlerMethod handler;
    private final PayloadCodec codec;
    private final List<Argument> variables;
    private final @Nullable EvaluationContext shared;

    private Condition(SpelExpression expression, HandlerMethod handler, PayloadCodec codec, List<Argument> variables) {
        this.expression = expression;
        this.handler = handler;
        this.codec = codec;
        this.variables = variables;
        this.shared = variables.isEmpty() ? evaluationContext() : null;
    }

    /**
     * Parses it.
     *
     * @throws dev.pubsub.spring.diagnostics.StartupFailure if SpEL cannot read it, or it names what there is not
     */
    public static Condition parse(String text, String id, HandlerMethod handler, PayloadCodec codec) {
        String where = StartupFailures.describe(handler.method());
        SpelExpression expression;
        try {
            expression = (SpelExpression) new SpelExpressionParser().parseExpression(text);
        } catch (ParseException | IllegalStateException e) {
            throw StartupFailures.badCondition(id, where, String.valueOf(e.getMessage()), e);
        }
        Map<String, Argument> parameters = new LinkedHashMap<>();
        handler.arguments().forEach(argument -> parameters.put(argument.name(), argument));
        List<Argument> used = new ArrayList<>();
        for (String name : variablesIn(expression.getAST())) {
            Argument argument = parameters.get(name);
            if (argument == null) {
                throw StartupFailures.badCondition(
                        id, where, "there is no parameter #" + name + "; there are " + parameters.keySet(), null);
            }
            if (!isKnownBeforeDelivery(argument)) {
                throw StartupFailures.badCondition(
                        id,
                        where,
                        "#" + name + " belongs to an attempt, and there is none when a message is accepted",
                        null);
            }
            used.add(argument);
        }
        return new Condition(expression, handler, codec, List.copyOf(used));
    }

    @Override
    public boolean test(Message<?> message) {
        Root root = new Root(message);
        EvaluationContext context = shared;
        if (context == null) {
            context = evaluationContext();
            for (Argument variable : variables) {
                context.setVariable(variable.name(), value(variable, root));
            }
        }
        return Boolean.TRUE.equals(expression.getValue(context, root, Boolean.class));
    }

    @Override
    public String toString() {
        return expression.getExpressionString();
    }

    private static EvaluationContext evaluationContext() {
        return SimpleEvaluationContext.forReadOnlyDataBinding()
                .withInstanceMethods()
                .build();
    }

    private static @Nullable Object value(Argument argument, Root root) {
        if (argument instanceof Argument.Payload) {
            return root.getPayload();
        }
        if (argument instanceof Argument.AllHeaders) {
            return root.getHeaders();
        }
        if (argument instanceof Argument.OneHeader header) {
            return header.resolve(root.getMessage());
        }
        return root.getMessage();
    }

    private static boolean isKnownBeforeDelivery(Argument argument) {
        return !(argument instanceof Argument.Attempt)
                && !(argument instanceof Argument.OneHeader header && PubSubHeaders.ATTEMPT.equals(header.header()));
    }

    private static Set<String> variablesIn(SpelNode node) {
        Set<String> names = new LinkedHashSet<>();
        collect(node, names);
        names.remove("root");
        names.remove("this");
        return names;
    }

    private static void collect(SpelNode node, Set<String> names) {
        if (node instanceof VariableReference || node instanceof FunctionReference) {
            String text = node.toStringAST().substring(1);
            int end = text.indexOf('(');
            names.add(end < 0 ? text : text.substring(0, end));
        }
        for (int i = 0; i < node.getChildCount(); i++) {
            collect(node.getChild(i), names);
        }
    }

    /** What an expression sees without a {@code #}. */
    public final class Root {

        private final Message<?> message;
        private @Nullable Object payload;

        private Root(Message<?> message) {
            this.message = message;
        }

        /** The message as it was published. */
        public Message<?> getMessage() {
            return message;
        }

        /** The payload as the handler takes it; converted only where an expression asks for it. */
        public Object getPayload() {
            Object converted = payload;
            if (converted == null) {
                converted = converted(message.payload(), handler.payloadType());
                payload = converted;
            }
            return converted;
        }

        /** The message's headers. */
        public Map<String, String> getHeaders() {
            return message.headers();
        }

        private Object converted(Object published, Type type) {
            Class<?> raw = ClassUtils.resolvePrimitiveIfNecessary(
                    ResolvableType.forType(type).resolve(Object.class));
            return raw.isInstance(published) ? published : codec.convert(published, type);
        }
    }
}

package dev.pubsub.spring.actuate;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.util.ObjectUtils;

/**
 * Refuses arguments that an operation of ours does not know. Boot ignores them, so that a mistyped filter would list,
 * or discard, everything. Tells the others who calls.
 */
public final class StrictArguments implements OperationInvokerAdvisor {

    private static final String PREFIX = "pubsub";

    @Override
    public OperationInvoker apply(
            EndpointId endpointId,
            OperationType operationType,
            OperationParameters parameters,
            OperationInvoker invoker) {
        if (!endpointId.toLowerCaseString().startsWith(PREFIX)) {
            return invoker;
        }
        Collection<String> known = new TreeSet<>(parameters.stream()
                .filter(parameter -> parameter.getType() != SecurityContext.class)
                .map(OperationParameter::getName)
                .toList());
        return context -> {
            String problem = problem(context.getArguments(), known, operationType);
            return problem == null ? invoke(invoker, context) : Problems.badRequest(problem);
        };
    }

    private static @Nullable Object invoke(OperationInvoker invoker, InvocationContext context) {
        try {
            return Writes.by(caller(context), () -> invoker.invoke(context));
        } catch (InvalidEndpointRequestException e) {
            return Problems.badRequest(String.valueOf(e.getReason()));
        }
    }

    private static SecurityContext caller(InvocationContext context) {
        SecurityContext caller = context.resolveArgument(SecurityContext.class);
        return caller == null ? SecurityContext.NONE : caller;
    }

    /** Spring Security adds an empty {@code continue} to the address that it sends a browser back to. */
    private static boolean isLeftByLogin(Map.Entry<String, Object> argument) {
        return argument.getKey().equals("continue") && ObjectUtils.isEmpty(argument.getValue());
    }

    private static @Nullable String problem(
            Map<String, Object> arguments, Collection<String> known, OperationType operationType) {
        for (Map.Entry<String, Object> argument : arguments.entrySet()) {
            if (isLeftByLogin(argument)) {
                continue;
            }
            if (!known.contains(argument.getKey())) {
                return "There is no parameter '" + Texts.capped(argument.getKey(), 100) + "' here; "
                        + (known.isEmpty() ? "there are none" : "there are " + String.join(", ", known));
            }
            if (argument.getValue() instanceof List<?>) {
                return "The parameter '" + argument.getKey() + "' was given more than once";
            }
            // On WebFlux a filter without "=": as if it had not been given. In a body, null does mean that.
            if (argument.getValue() == null && operationType != OperationType.WRITE) {
                return "The parameter '" + argument.getKey() + "' is empty";
            }
        }
        return null;
    }
}

package dev.pubsub.spring.handler;

import dev.pubsub.Delivery;
import dev.pubsub.Message;
import dev.pubsub.MessageHandler;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Calls a bean's method. The bean is asked for at the first delivery, so that a lazy one is not made before it; what
 * calls its method is compiled then, once for each class of bean.
 */
public final class BeanMethodHandler implements MessageHandler<Object> {

    private final BeanReference bean;
    private final HandlerMethod method;
    private volatile @Nullable Invoker invoker;

    /** For a bean's method. */
    public BeanMethodHandler(BeanReference bean, HandlerMethod method) {
        this.bean = bean;
        this.method = method;
    }

    @Override
    public void handle(Message<Object> message, Delivery delivery) throws Exception {
        Invoker current = invoker;
        Object target;
        if (current != null && bean.singleton()) {
            target = current.bean;
        } else {
            target = bean.get();
            if (current == null || current.bean.getClass() != target.getClass()) {
                current = new Invoker(target, InvokerCompiler.compile(method, target.getClass()));
                invoker = current;
            }
        }
        method.result().await(current.invoke(target, message, delivery), delivery);
    }

    @Override
    public String toString() {
        return bean.name() + "." + method.method().getName();
    }

    /** A compiled call, and the bean that it was compiled for. */
    private static final class Invoker {

        private final Object bean;
        private final MethodHandle call;

        Invoker(Object bean, MethodHandle call) {
            this.bean = bean;
            this.call = call;
        }

        @Nullable
        Object invoke(Object target, Message<?> message, Delivery delivery) throws Exception {
            try {
                return (Object) call.invokeExact(target, message, delivery);
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw sneaky(e);
            }
        }

        /** A Throwable of its own kind goes on as it is: the engine knows what it is. */
        @SuppressWarnings("unchecked")
        private static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
            throw (E) e;
        }
    }
}

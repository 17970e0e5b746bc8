package dev.pubsub.spring;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Runs an application twenty times, each time in a class loader of its own, and says what is left. */
public final class Restarts {

    private Restarts() {}

    /** Prints the numbers of restarts, and the loaders and threads that are left. */
    public static void main(String[] args) throws Exception {
        RestartedApplication.runAndClose(); // what Spring Boot keeps for the life of a JVM, it keeps of the first run
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            loaders.add(restart());
        }
        System.out.println("restarts: " + loaders.size());
        BooleanSupplier collected = () -> {
            System.gc();
            return loaders.stream().allMatch(loader -> loader.get() == null);
        };
        waitFor(collected);
        System.out.println("loaders left: "
                + loaders.stream().filter(loader -> loader.get() != null).count());
        waitFor(() -> left(before).isEmpty());
        System.out.println("threads left: " + left(before));
        System.exit(0);
    }

    private static void waitFor(BooleanSupplier condition) {
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(100))
                    .until(condition::getAsBoolean);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            // What is left is printed.
        }
    }

    private static Set<String> left(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.startsWith("awaitility") && !name.startsWith("Attach Listener"))
                .collect(Collectors.toSet());
    }

    private static WeakReference<ClassLoader> restart() throws Exception {
        Thread current = Thread.currentThread();
        ClassLoader original = current.getContextClassLoader();
        try (RestartLoader loader = new RestartLoader(original)) {
            current.setContextClassLoader(loader);
            Class<?> application = loader.loadClass(RestartedApplication.class.getName());
            if (application.getClassLoader() != loader) {
                throw new IllegalStateException("Not restarted");
            }
            application.getMethod("runAndClose").invoke(null);
            return new WeakReference<>(loader);
        } finally {
            current.setContextClassLoader(original);
        }
    }

    /** Loads the application's classes itself, and libraries (the engine among them) from its parent. */
    private static final class RestartLoader extends URLClassLoader {

        RestartLoader(ClassLoader parent) {
            super(new URL[0], parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null && name.startsWith(RestartedApplication.class.getName())) {
                    loaded = define(name);
                }
                return loaded == null ? super.loadClass(name, resolve) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}

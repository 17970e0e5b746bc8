package dev.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A restart, as devtools does it, leaves neither a class loader nor a thread behind. */
class ClassLoaderLeakTests {

    @Test
    @Timeout(120)
    void twentyRestartsLeaveNothing() throws Exception {
        restart();
        Set<Long> before = threads();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            loaders.add(restart());
        }
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            System.gc();
            assertThat(loaders).allSatisfy(loader -> assertThat(loader.get()).isNull());
        });
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread.getId()))
                .filteredOn(thread -> thread.getName().toLowerCase().contains("pubsub"))
                .isEmpty());
    }

    private static Set<Long> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getId).collect(Collectors.toSet());
    }

    private static WeakReference<ClassLoader> restart() throws Exception {
        Thread current = Thread.currentThread();
        ClassLoader original = current.getContextClassLoader();
        try (RestartLoader loader = new RestartLoader(original)) {
            current.setContextClassLoader(loader);
            Class<?> application = loader.loadClass(RestartedApplication.class.getName());
            assertThat(application.getClassLoader()).isSameAs(loader);
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

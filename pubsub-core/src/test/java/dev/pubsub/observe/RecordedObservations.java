package dev.pubsub.observe;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A registry whose handler keeps what it is told, and writes a {@code traceparent} as a tracer would. Observations are
 * listed in the order in which they were stopped.
 */
final class RecordedObservations implements ObservationHandler<Observation.Context> {

    final ObservationRegistry registry = ObservationRegistry.create();

    private final Map<Observation.Context, AtomicInteger> stops = new ConcurrentHashMap<>();
    private final Map<Observation.Context, AtomicInteger> openScopes = new ConcurrentHashMap<>();
    private final List<Observation.Context> started = new CopyOnWriteArrayList<>();
    private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();

    RecordedObservations() {
        registry.observationConfig().observationHandler(this);
    }

    static String traceparent(int number) {
        return String.format("00-%032x-%016x-01", number, number);
    }

    List<PublishObservationContext> publishes() {
        return all(PublishObservationContext.class);
    }

    List<ProcessObservationContext> attempts() {
        return all(ProcessObservationContext.class);
    }

    private <C> List<C> all(Class<C> type) {
        return stopped.stream().filter(type::isInstance).map(type::cast).toList();
    }

    List<String> events() {
        return events;
    }

    int startedCount() {
        return started.size();
    }

    /** How often each was stopped, of those that were started. */
    List<Integer> stopCounts() {
        return started.stream()
                .map(context -> stops.getOrDefault(context, new AtomicInteger()).get())
                .toList();
    }

    int scopesOpen() {
        return openScopes.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    static Map<String, String> low(Observation.Context context) {
        return asMap(context.getLowCardinalityKeyValues());
    }

    static Map<String, String> high(Observation.Context context) {
        return asMap(context.getHighCardinalityKeyValues());
    }

    private static Map<String, String> asMap(Iterable<KeyValue> values) {
        return java.util.stream.StreamSupport.stream(values.spliterator(), false)
                .collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
    }

    static Optional<Observation.ContextView> parent(Observation.Context context) {
        return Optional.ofNullable(context.getParentObservation()).map(view -> view.getContextView());
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return true;
    }

    @Override
    public void onStart(Observation.Context context) {
        started.add(context);
        if (context instanceof PublishObservationContext publish) {
            publish.getSetter().set(publish.getCarrier(), "traceparent", traceparent(started.size()));
        }
    }

    @Override
    public void onEvent(Observation.Event event, Observation.Context context) {
        events.add(context.getName() + " " + event.getName());
    }

    @Override
    public void onScopeOpened(Observation.Context context) {
        openScopes.computeIfAbsent(context, key -> new AtomicInteger()).incrementAndGet();
    }

    @Override
    public void onScopeClosed(Observation.Context context) {
        openScopes.computeIfAbsent(context, key -> new AtomicInteger()).decrementAndGet();
    }

    @Override
    public void onStop(Observation.Context context) {
        stops.computeIfAbsent(context, key -> new AtomicInteger()).incrementAndGet();
        stopped.add(context);
    }
}

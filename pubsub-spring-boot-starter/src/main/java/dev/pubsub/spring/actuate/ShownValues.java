package dev.pubsub.spring.actuate;

import dev.pubsub.spi.PayloadCodec;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.util.ClassUtils;

/**
 * What one caller sees of the values in messages and exceptions: nothing, or what {@link Sanitizer} leaves of them, as
 * text with a limit, never as live objects.
 */
final class ShownValues {

    /** The longest value shown, in characters. */
    static final int CAP = 4_000;

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", ShownValues.class.getClassLoader());

    private final Sanitizer sanitizer;
    private final PayloadCodec codec;
    private final boolean show;

    ShownValues(Sanitizer sanitizer, PayloadCodec codec, boolean show) {
        this.sanitizer = sanitizer;
        this.codec = codec;
        this.show = show;
    }

    /** A text under its name; null stays null. */
    @Nullable
    String text(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return show ? Texts.capped(sanitized(name, text), CAP) : SanitizableData.SANITIZED_VALUE;
    }

    /** A payload as its codec writes it, each of its JSON fields under its own path. */
    String payload(Object payload) {
        if (!show) {
            return SanitizableData.SANITIZED_VALUE;
        }
        String text = written(payload);
        if (text == null) {
            return "(cannot be shown as text: " + payload.getClass().getName() + ")";
        }
        String fields = JACKSON ? SanitizedJson.of(text, this::sanitized, CAP) : null;
        return fields == null ? Texts.capped(sanitized("payload", text), CAP) : fields;
    }

    private String sanitized(String name, String text) {
        Object sanitized = sanitizer.sanitize(new SanitizableData(null, name, text), true);
        return sanitized == null ? SanitizableData.SANITIZED_VALUE : String.valueOf(sanitized);
    }

    /** The codec may be the application's own, and a payload's getters are. */
    private @Nullable String written(Object payload) {
        try {
            return codec.text(payload);
        } catch (RuntimeException | StackOverflowError e) {
            return null;
        }
    }
}

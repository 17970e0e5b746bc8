package dev.pubsub.spi;

import dev.pubsub.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A payload on its way between processes: bytes, and what is known of them. Decoded by the engine's
 * {@link PayloadCodec} in the attempt, so that what cannot be decoded becomes a dead letter with its bytes. The bytes
 * are shared, not copied; nobody may change them.
 */
public final class EncodedPayload {

    /** Bytes of which nothing is known. */
    public static final String OCTETS = "application/octet-stream";

    /** Text, in UTF-8. */
    public static final String TEXT = "text/plain;charset=UTF-8";

    /** JSON, in UTF-8. */
    public static final String JSON = "application/json";

    private final byte[] bytes;
    private final @Nullable String contentType;
    private final @Nullable String typeName;

    private final @Nullable String origin;

    private EncodedPayload(
            byte[] bytes, @Nullable String contentType, @Nullable String typeName, @Nullable String origin) {
        this.bytes = Objects.requireNonNull(bytes, "bytes");
        this.contentType = contentType;
        this.typeName = typeName;
        this.origin = origin;
    }

    /**
     * These bytes.
     *
     * @param contentType a media type; null where the sender has not told
     * @param typeName a logical name that both sides have agreed on, never a class to be loaded; null for none
     */
    public static EncodedPayload of(byte[] bytes, @Nullable String contentType, @Nullable String typeName) {
        return new EncodedPayload(bytes, contentType, typeName, null);
    }

    /** The same bytes, which came from there: where they lie in the transport, for those who look for the cause. */
    public EncodedPayload from(String where) {
        return new EncodedPayload(bytes, contentType, typeName, where);
    }

    /** Where they lie in the transport; null where that has not told. */
    public @Nullable String origin() {
        return origin;
    }

    /** The bytes themselves. */
    public byte[] bytes() {
        return bytes;
    }

    /** The media type; null where the sender has not told. */
    public @Nullable String contentType() {
        return contentType;
    }

    /** The logical name of its type; null for none. */
    public @Nullable String typeName() {
        return typeName;
    }

    /** Whether the sender has said that it is text. */
    public boolean isText() {
        return contentType != null && contentType.startsWith("text/");
    }

    /**
     * The bytes as text in UTF-8.
     *
     * @throws UndeliverableException if they are not
     */
    public String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new UndeliverableException("A payload of " + bytes.length + " bytes is not text in UTF-8", null);
        }
    }

    /** The message with these bytes as its payload, all else unchanged. */
    public Message<EncodedPayload> in(Message<?> message) {
        return message.withPayload(this);
    }

    /** Size and type, not the content. */
    @Override
    public String toString() {
        return "EncodedPayload[" + bytes.length + " bytes, contentType=" + contentType + ", typeName=" + typeName + "]";
    }
}

package dev.pubsub.publish;

import dev.pubsub.InvalidMessageException;
import dev.pubsub.Message;
import dev.pubsub.Names;
import dev.pubsub.spi.EncodedPayload;
import java.util.Map;

/** The limits of keys, headers and payloads. What is refused is described, never shown. Immutable. */
public final class MessageLimits {

    /** The longest key, in characters. */
    public static final int MAX_KEY_LENGTH = 1_024;

    private final long maxPayloadSize;
    private final int maxHeaders;
    private final int maxHeaderSize;

    /**
     * Limits.
     *
     * @param maxPayloadSize bytes of a {@code byte[]}, or of a String in UTF-8, at least 1
     * @param maxHeaders headers of a message, 0 to 10,000
     * @param maxHeaderSize bytes of a header's name and value in UTF-8, 1 to 16 MiB
     */
    public MessageLimits(long maxPayloadSize, int maxHeaders, int maxHeaderSize) {
        this.maxPayloadSize = maxPayloadSize;
        this.maxHeaders = maxHeaders;
        this.maxHeaderSize = maxHeaderSize;
    }

    void check(Message<?> message) {
        checkPayload(message.payload());
        if (message.key() != null) {
            checkKey(message.key());
        }
        if (!message.headers().isEmpty()) {
            checkHeaders(message.headers());
        }
    }

    private void checkPayload(Object payload) {
        long size = 0;
        if (payload instanceof byte[] bytes) {
            size = bytes.length;
        } else if (payload instanceof String text) {
            size = 3L * text.length() <= maxPayloadSize ? 0 : utf8Length(text);
        }
        checkSize(size);
    }

    void checkEncoded(EncodedPayload payload) {
        checkSize(payload.bytes().length);
    }

    private void checkSize(long size) {
        if (size > maxPayloadSize) {
            throw new InvalidMessageException("The message's payload has " + size + " bytes; at most " + maxPayloadSize
                    + " are allowed (pubsub.message.max-payload-size)");
        }
    }

    private static void checkKey(String key) {
        if (key.isEmpty() || key.length() > MAX_KEY_LENGTH) {
            throw new InvalidMessageException("The message's key has " + key.length()
                    + " characters; it must have 1 to " + MAX_KEY_LENGTH + ", or be null");
        }
        String problem = Names.textProblem(key);
        if (problem != null) {
            throw new InvalidMessageException("The message's key holds " + problem);
        }
    }

    private void checkHeaders(Map<String, String> headers) {
        if (headers.size() > maxHeaders) {
            throw new InvalidMessageException("The message has " + headers.size() + " headers; at most " + maxHeaders
                    + " are allowed (pubsub.message.max-headers)");
        }
        int position = 0;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            checkHeader(++position, header.getKey(), header.getValue());
        }
    }

    private void checkHeader(int position, String name, String value) {
        String where = "The message's header " + position;
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new InvalidMessageException(
                    where + " has a name that is empty or holds other than printable ASCII characters without blanks");
        }
        long size = utf8Length(name) + utf8Length(value);
        if (size > maxHeaderSize) {
            throw new InvalidMessageException(where + " has " + size + " bytes; at most " + maxHeaderSize
                    + " are allowed (pubsub.message.max-header-size)");
        }
        String problem = Names.textProblem(value);
        if (problem != null) {
            throw new InvalidMessageException(where + " has a value that holds " + problem);
        }
    }

    private static long utf8Length(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3; // a pair takes 4
        }
        return bytes;
    }
}

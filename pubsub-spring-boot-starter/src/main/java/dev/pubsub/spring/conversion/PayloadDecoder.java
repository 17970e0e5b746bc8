package dev.pubsub.spring.conversion;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Reads and writes encoded payloads, and converts between structures; there is none without Jackson. */
interface PayloadDecoder {

    /** What the text says, as that type; null where it says null. */
    @Nullable
    Object decode(String text, Type target);

    /** What the bytes say, as that type; null where they say null. */
    @Nullable
    Object decode(byte[] bytes, Type target);

    /** Maps, records, beans and collections of them, as that type. */
    @Nullable
    Object convert(Object payload, Type target);

    /** The payload as JSON. */
    String encode(Object payload);
}

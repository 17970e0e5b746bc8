package dev.pubsub.spi;

/**
 * Keeps what one thread writes at each message out of the cache lines of what others read at each message: the base of
 * objects with such fields, which it moves away from whatever the collector lays before them. Their last class ends
 * with {@code after} fields of its own, for what lies behind.
 *
 * <p>The distance is two cache lines of 64 bytes, as with the JDK's own {@code @Contended}: Intel's processors fetch
 * pairs of lines (Intel 64 and IA-32 Architectures Optimization Reference Manual, spatial prefetcher). With one line,
 * three JVMs of eight took 205 to 285 ns for a message, the others 135, as the collector had laid things; with two, all
 * take 135 (2 cores, Intel Xeon, Java 17). (Fields of a superclass lie before those of its subclass, in every HotSpot.)
 */
@SuppressWarnings("unused")
public abstract class Apart {

    /** So far apart are words that different threads write. */
    public static final int BYTES = 128;

    private int before0; // else a field of the subclass would be laid into the gap behind the object's header
    private long before1, before2, before3, before4, before5, before6, before7, before8, before9;
    private long before10, before11, before12, before13;

    /** For subclasses. */
    protected Apart() {}
}

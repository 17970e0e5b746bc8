/** Ways to bring an object from one thread to a handler in another: ours, and what it is compared with. */
@NullMarked
package dev.pubsub.benchmarks.peers;

import org.jspecify.annotations.NullMarked;

/** Asks all questions of all peers in one run, and says how ours stands. */
@NullMarked
package dev.pubsub.benchmarks.comparison;

import org.jspecify.annotations.NullMarked;

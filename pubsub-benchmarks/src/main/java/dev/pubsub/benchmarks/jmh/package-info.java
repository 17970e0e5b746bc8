/** The questions, each a benchmark of JMH; whom they are put to is a parameter. */
@NullMarked
package dev.pubsub.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.pubsub.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * How the engine grows with what it is given, and what each protection costs; plain classes, each in a JVM of its own.
 */
@NullMarked
package dev.pubsub.benchmarks.growth;

import org.jspecify.annotations.NullMarked;

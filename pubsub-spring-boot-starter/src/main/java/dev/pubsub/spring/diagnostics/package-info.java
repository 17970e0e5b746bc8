/** Mistakes that stop the start, and the line that mends each. */
@NullMarked
package dev.pubsub.spring.diagnostics;

import org.jspecify.annotations.NullMarked;

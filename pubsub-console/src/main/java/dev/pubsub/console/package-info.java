/** The console: a page over the Actuator endpoints, served by one of its own. */
@NullMarked
package dev.pubsub.console;

import org.jspecify.annotations.NullMarked;

@NullMarked
package dev.pubsub.harness;

import org.jspecify.annotations.NullMarked;

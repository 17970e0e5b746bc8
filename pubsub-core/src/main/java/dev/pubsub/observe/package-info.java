/** Metrics by Micrometer; the only package that imports it. */
@NullMarked
package dev.pubsub.observe;

import org.jspecify.annotations.NullMarked;

/**
 * One attempt to deliver a copy: permit, deadline, handler, and what came of it. Returns an outcome as a value and
 * never calls back into {@code dispatch}, which acts on it.
 */
@NullMarked
package dev.pubsub.delivery;

import org.jspecify.annotations.NullMarked;

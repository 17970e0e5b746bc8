/** The test kit in Spring Boot tests: a slice, and the same beside a whole application. */
@NullMarked
package dev.pubsub.test.autoconfigure;

import org.jspecify.annotations.NullMarked;

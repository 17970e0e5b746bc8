/** The properties below {@code pubsub}, and how those of one subscription are resolved. */
@NullMarked
package dev.pubsub.spring.settings;

import org.jspecify.annotations.NullMarked;

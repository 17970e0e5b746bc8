/** Auto-configurations, one for each concern. */
@NullMarked
package dev.pubsub.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;

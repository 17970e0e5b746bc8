/** Publishing after the commit of a Spring transaction. */
@NullMarked
package dev.pubsub.spring.transaction;

import org.jspecify.annotations.NullMarked;

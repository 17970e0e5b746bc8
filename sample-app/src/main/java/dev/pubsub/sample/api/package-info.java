/** What is asked of this application over HTTP, beside the features' own resources. */
@NullMarked
package dev.pubsub.sample.api;

import org.jspecify.annotations.NullMarked;

/** What those who are on call hear of the subscriptions. */
@NullMarked
package dev.pubsub.sample.oncall;

import org.jspecify.annotations.NullMarked;

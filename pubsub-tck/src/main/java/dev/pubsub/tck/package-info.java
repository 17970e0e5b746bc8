/**
 * What every transport must do, as a suite that the author of a transport extends:
 * {@link dev.pubsub.tck.TransportContract} holds the tests, {@link dev.pubsub.tck.TransportFixture} tells them how to
 * reach the transport. Needs JUnit Jupiter, AssertJ and Awaitility; no Spring.
 */
@NullMarked
package dev.pubsub.tck;

import org.jspecify.annotations.NullMarked;

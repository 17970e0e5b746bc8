package dev.pubsub.test.autoconfigure;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Bootstraps {@link PubSubTest}. */
class PubSubTestContextBootstrapper extends TestSliceTestContextBootstrapper<PubSubTest> {}

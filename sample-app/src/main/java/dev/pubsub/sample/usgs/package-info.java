/** The U.S. Geological Survey's own GeoJSON summary format, and its translation. */
@NullMarked
package dev.pubsub.sample.usgs;

import org.jspecify.annotations.NullMarked;

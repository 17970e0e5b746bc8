package dev.pubsub.sample.catalog;

import dev.pubsub.Ordering;
import dev.pubsub.sample.quake.Quake;
import dev.pubsub.spring.Subscribe;
import org.springframework.stereotype.Component;

/** Every event goes into the table: the events of one network one after the other, those of several side by side. */
@Component
class CatalogSubscriber {

    private final Catalog catalog;

    CatalogSubscriber(Catalog catalog) {
        this.catalog = catalog;
    }

    @Subscribe(id = "catalog", topics = "quakes.**", ordering = Ordering.KEY, concurrency = "4")
    void save(Quake quake) {
        catalog.save(quake);
    }
}

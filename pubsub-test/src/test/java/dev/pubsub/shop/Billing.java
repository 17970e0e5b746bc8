package dev.pubsub.shop;

import dev.pubsub.Ordering;
import dev.pubsub.Publisher;
import dev.pubsub.spring.Subscribe;
import org.springframework.stereotype.Component;

/** Named by the slices that want it. */
@Component
public class Billing {

    private final Invoices invoices;
    private final Publisher publisher;

    Billing(Invoices invoices, Publisher publisher) {
        this.invoices = invoices;
        this.publisher = publisher;
    }

    @Subscribe(id = "billing", topics = "orders.created", ordering = Ordering.KEY, timeout = "5s")
    void onOrder(Order order) throws Exception {
        invoices.create(order);
        publisher.publish("orders.billed", order.id(), order);
    }
}

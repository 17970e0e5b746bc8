package dev.pubsub.shop;

import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** The application's own invoices; not in a slice that does not name it. */
@Component
public class Ledger implements Invoices {

    private final List<Order> orders = new ArrayList<>();

    @Override
    public synchronized void create(Order order) {
        orders.add(order);
    }

    /** Those that were invoiced. */
    public synchronized List<Order> orders() {
        return List.copyOf(orders);
    }
}

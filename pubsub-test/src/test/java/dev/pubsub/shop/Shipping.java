package dev.pubsub.shop;

import dev.pubsub.spring.Subscribe;
import org.springframework.stereotype.Component;

/** A subscriber that a slice leaves out unless it is named. */
@Component
public class Shipping {

    @Subscribe(id = "shipping", topics = "orders.billed")
    void onBilled(Order order) {}
}

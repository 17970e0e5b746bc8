package dev.pubsub.shop;

/** What a subscriber needs, and a test replaces. */
public interface Invoices {

    /** Makes an invoice. */
    void create(Order order) throws Exception;
}

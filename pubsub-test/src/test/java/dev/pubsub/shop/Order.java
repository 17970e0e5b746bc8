package dev.pubsub.shop;

/** What is published, and converted to by whoever takes it from JSON. */
public record Order(String id, int amount) {}

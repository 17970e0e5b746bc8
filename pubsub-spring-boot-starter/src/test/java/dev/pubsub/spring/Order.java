package dev.pubsub.spring;

/** A payload. */
public record Order(String number, int total) {}

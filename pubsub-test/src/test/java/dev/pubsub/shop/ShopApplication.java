package dev.pubsub.shop;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application to be tested. */
@SpringBootApplication
public class ShopApplication {}

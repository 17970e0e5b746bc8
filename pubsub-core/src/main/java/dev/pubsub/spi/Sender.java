package dev.pubsub.spi;

/** Where messages leave: a {@link DirectSender} or a {@link RemoteSender}, whose contracts differ. */
public sealed interface Sender permits DirectSender, RemoteSender {}

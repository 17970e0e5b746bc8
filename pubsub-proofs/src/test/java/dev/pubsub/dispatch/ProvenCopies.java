package dev.pubsub.dispatch;

import dev.pubsub.Message;
import dev.pubsub.Ordering;
import dev.pubsub.SubscriptionSpec;
import dev.pubsub.delivery.DeliveryPipeline;

/**
 * Copies that are queued but never attempted, so that all they need to know is that they are ordered. Apart from
 * {@link ProvenSubscription}, because Lincheck resets all that a class it meets holds on to.
 */
final class ProvenCopies {

    private static final DeliveryPipeline PIPELINE = new DeliveryPipeline(
            SubscriptionSpec.builder("s", "t").ordering(Ordering.KEY).build(),
            (message, delivery) -> {},
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    private static final Message<?>[][] MESSAGES = new Message<?>[3][10];

    static {
        for (int key = 0; key < MESSAGES.length; key++) {
            for (int number = 0; number < MESSAGES[key].length; number++) {
                Message.Builder<Integer> message = Message.builder("t", number);
                MESSAGES[key][number] = (key == 0 ? message : message.key("" + key)).build();
            }
        }
    }

    private ProvenCopies() {}

    /** A copy of a message with this key, 0 for none, 1 or 2, and this number, 0 to 9. */
    static Copy copyOf(int key, int number) {
        return Copy.of(MESSAGES[key][number], PIPELINE, Ordering.KEY, 0);
    }

    static int number(Copy copy) {
        return (Integer) copy.message().payload();
    }

    /** 0 without a key. */
    static int keyOf(Copy copy) {
        String key = copy.message().key();
        return key == null ? 0 : key.charAt(0) - '0';
    }
}

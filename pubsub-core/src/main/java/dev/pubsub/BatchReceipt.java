package dev.pubsub;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of each message of a batch, in the batch's order. Immutable. */
public final class BatchReceipt {

    private final List<Item> items;
    private final int rejected;

    private BatchReceipt(List<Item> items) {
        this.items = items;
        this.rejected = (int) items.stream().filter(item -> item.error != null).count();
    }

    /** A receipt over these items. */
    public static BatchReceipt of(List<Item> items) {
        return new BatchReceipt(List.copyOf(items));
    }

    /** One item a message, in the batch's order. */
    public List<Item> items() {
        return items;
    }

    /** How many messages were accepted. */
    public int accepted() {
        return items.size() - rejected;
    }

    /** How many messages were refused. */
    public int rejected() {
        return rejected;
    }

    @Override
    public String toString() {
        return "BatchReceipt[accepted=" + accepted() + ", rejected=" + rejected + "]";
    }

    /** What became of one message of a batch. */
    public static final class Item {

        private final int index;
        private final @Nullable Message<?> message;
        private final @Nullable PubSubException error;

        private Item(int index, @Nullable Message<?> message, @Nullable PubSubException error) {
            this.index = index;
            this.message = message;
            this.error = error;
        }

        /** An accepted message. */
        public static Item accepted(int index, Message<?> message) {
            return new Item(index, message, null);
        }

        /** A refused message; null where the batch's element was null. */
        public static Item rejected(int index, @Nullable Message<?> message, PubSubException error) {
            return new Item(index, message, error);
        }

        /** The position in the batch, from 0. */
        public int index() {
            return index;
        }

        /** The message's id; null where the batch's element was null. */
        public @Nullable String messageId() {
            return message == null ? null : message.id();
        }

        /** Why the message was refused; null where it was accepted. */
        public @Nullable PubSubException error() {
            return error;
        }

        @Override
        public String toString() {
            return "Item[index=" + index + ", messageId=" + messageId() + ", "
                    + (error == null ? "accepted" : error.getClass().getSimpleName()) + "]";
        }
    }
}

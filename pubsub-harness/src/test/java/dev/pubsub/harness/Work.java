package dev.pubsub.harness;

/**
 * What a message carries: {@code number} is its place in the order of its producer, {@code task} what is to be done.
 */
record Work(String producer, long number, String key, String task) {

    String message() {
        return producer + "-" + number;
    }

    String payload() {
        return producer + " " + number + " " + key + " " + task;
    }

    static Work of(String payload) {
        String[] parts = payload.split(" ", -1);
        return new Work(parts[0], Long.parseLong(parts[1]), parts[2], parts[3]);
    }
}

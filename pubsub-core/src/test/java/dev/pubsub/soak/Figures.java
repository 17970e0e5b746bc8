package dev.pubsub.soak;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a soak measured: one table, for people and docs, from which the test reads what it asserts. */
final class Figures {

    private final Map<String, Long> values = new LinkedHashMap<>();

    void put(String name, long value) {
        values.put(name, value);
    }

    long get(String name) {
        Long value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("No figure '" + name + "' among " + values.keySet());
        }
        return value;
    }

    static Figures parse(String output) {
        Figures figures = new Figures();
        output.lines().map(line -> line.split("\\|", -1)).filter(Figures::isRow).forEach(cells -> {
            figures.put(cells[1].strip(), Long.parseLong(cells[2].strip().replace(",", "")));
        });
        return figures;
    }

    private static boolean isRow(String[] cells) {
        return cells.length == 4 && cells[2].strip().matches("-?[0-9,]+");
    }

    /** The table, in Markdown. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder("| figure | value |\n|---|---|\n");
        values.forEach((name, value) -> table.append(String.format("| %s | %,d |%n", name, value)));
        return table.toString();
    }
}

package io.tidemark.pipeline.config;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Whole numbers with a unit, {@code 30d} or {@code 256MiB}; units are case-sensitive, as mega and milli differ by case only. */
record Quantity(List<Unit> units) {
    record Unit(String name, long factor) {}

    /** In milliseconds. */
    static final Quantity TIME = new Quantity(List.of(
            new Unit("ms", 1),
            new Unit("s", 1000),
            new Unit("m", 60_000),
            new Unit("h", 3_600_000),
            new Unit("d", 86_400_000)));

    /** In bytes. */
    static final Quantity SIZE = new Quantity(List.of(
            new Unit("B", 1),
            new Unit("KiB", 1L << 10),
            new Unit("MiB", 1L << 20),
            new Unit("GiB", 1L << 30),
            new Unit("TiB", 1L << 40)));

    Quantity {
        units = List.copyOf(units);
    }

    Optional<BigInteger> between(String text, String least, String most) {
        Optional<BigInteger> value = parse(text);
        if (value.isEmpty()
                || value.get().compareTo(parse(least).orElseThrow()) < 0
                || value.get().compareTo(parse(most).orElseThrow()) > 0) {
            return Optional.empty();
        }
        return value;
    }

    private Optional<BigInteger> parse(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        String unit = text.substring(end);
        for (Unit known : units) {
            if (known.name().equals(unit)) {
                BigInteger factor = BigInteger.valueOf(known.factor());
                return digits(text.substring(0, end)).map(factor::multiply);
            }
        }
        return Optional.empty();
    }

    /** ASCII digits and nothing else; at most 18, so that products stay small. */
    static Optional<BigInteger> digits(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return Optional.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return Optional.empty();
            }
        }
        return Optional.of(new BigInteger(text));
    }

    String unitList() {
        StringBuilder list = new StringBuilder();
        for (Unit unit : units) {
            list.append(list.isEmpty() ? "" : ", ").append(unit.name());
        }
        return list.toString();
    }
}

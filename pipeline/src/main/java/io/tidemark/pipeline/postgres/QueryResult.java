package io.tidemark.pipeline.postgres;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a query gave: values as PostgreSQL prints them. */
public record QueryResult(List<String> columns, List<Row> rows) {
    public QueryResult {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /** The only row; the result must have exactly one. */
    public Row single() {
        if (rows.size() != 1) {
            throw new IllegalStateException("expected one row, got " + rows.size());
        }
        return rows.get(0);
    }

    /** One row, a copy of what came: no buffer stands behind it. */
    public static final class Row {
        private final List<String> columns;
        private final List<byte @Nullable []> values;

        Row(List<String> columns, List<byte @Nullable []> values) {
            this.columns = columns;
            this.values = new ArrayList<>(values);
        }

        /** The value's text, null for SQL's NULL; columns count from 0. */
        public @Nullable String text(int column) {
            byte[] value = values.get(column);
            return value == null ? null : new String(value, StandardCharsets.UTF_8);
        }

        /** The value's text, null for SQL's NULL; of columns with the same name the first. */
        public @Nullable String text(String column) {
            return text(index(column));
        }

        /** The time that {@code extract(epoch FROM …)} prints, {@code 1764237600.123456}; null for SQL's NULL. */
        public @Nullable Instant epoch(String column) {
            String text = text(column);
            if (text == null) {
                return null;
            }
            BigDecimal seconds = new BigDecimal(text);
            long whole = seconds.longValue();
            return Instant.ofEpochSecond(
                    whole,
                    seconds.subtract(BigDecimal.valueOf(whole))
                            .movePointRight(9)
                            .longValue());
        }

        /** The value's bytes as they came, the caller's own; null for SQL's NULL. */
        public byte @Nullable [] bytes(String column) {
            byte[] value = values.get(index(column));
            return value == null ? null : Arrays.copyOf(value, value.length);
        }

        long sizeBytes() {
            long size = 0;
            for (byte[] value : values) {
                size += value == null ? 0 : value.length;
            }
            return size;
        }

        public List<String> columns() {
            return columns;
        }

        private int index(String column) {
            int index = columns.indexOf(column);
            if (index < 0) {
                throw new IllegalArgumentException("no column " + column + " among " + columns);
            }
            return index;
        }
    }
}

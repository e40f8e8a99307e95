package io.tidemark.pipeline.config;

import java.util.List;

/** The configuration, and where each value of it comes from. */
public record EffectiveConfiguration(Configuration configuration, List<Line> lines) {

    /**
     * One setting that is in force.
     *
     * @param value as written, or the default
     * @param origin file and line, variable, option, or {@code default}
     */
    public record Line(String key, String value, String origin) {}

    public EffectiveConfiguration {
        lines = List.copyOf(lines);
    }
}

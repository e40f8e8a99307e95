package io.tidemark.pipeline.cli;

import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.pipeline.config.UsageError;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** KMIP's states, types and reasons as people write and read them. */
final class KmipWords {
    private KmipWords() {}

    /** {@code Pre-Active}; what the server does not say is a question mark. */
    static String of(@Nullable State state) {
        if (state == null) {
            return "?";
        }
        return switch (state) {
            case PRE_ACTIVE -> "Pre-Active";
            case ACTIVE -> "Active";
            case DEACTIVATED -> "Deactivated";
            case COMPROMISED -> "Compromised";
            case DESTROYED -> "Destroyed";
            case DESTROYED_COMPROMISED -> "Destroyed Compromised";
        };
    }

    /** {@code Symmetric Key}. */
    static String of(@Nullable ObjectType type) {
        return type == null
                ? "?"
                : Stream.of(type.name().split("_"))
                        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" "));
    }

    /** {@code cessation-of-operation}, on the command line and for scripts. */
    static String option(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The value that an option names so; the option's own text is not repeated. */
    static <E extends Enum<E>> E parse(String option, E[] values, String text) {
        String wanted = text.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
        return Arrays.stream(values)
                .filter(value -> option(value).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new UsageError(option + ": expected one of "
                        + Arrays.stream(values).map(KmipWords::option).collect(Collectors.joining(", "))));
    }
}

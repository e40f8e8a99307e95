package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.config.TidemarkException;

/** How a failure is told to a person: one line of what happened, a line for each detail, and the hint. */
public final class ErrorText {
    private ErrorText() {}

    public static String of(Throwable failure) {
        StringBuilder text = new StringBuilder("tidemark: ").append(lines(String.valueOf(failure.getMessage())));
        if (failure instanceof TidemarkException ours) {
            ours.details().forEach(detail -> text.append("\n  ").append(Printable.of(detail)));
            ours.hint().ifPresent(hint -> text.append("\nHINT: ").append(Printable.of(hint)));
        }
        return text.toString();
    }

    /** Some messages carry their hint on a second line of their own; any other newline is part of a hostile name. */
    private static String lines(String message) {
        int hint = message.indexOf("\nHINT: ");
        return hint < 0
                ? Printable.of(message)
                : Printable.of(message.substring(0, hint)) + "\n" + Printable.of(message.substring(hint + 1));
    }
}

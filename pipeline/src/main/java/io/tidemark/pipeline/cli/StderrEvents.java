package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.cli.GlobalOptions.Verbosity;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Severity;

/** Events as lines on standard error, which PostgreSQL appends to its own log: the fast path's log. */
public final class StderrEvents implements EventLog {
    private final Console console;

    public StderrEvents(Console console) {
        this.console = console;
    }

    @Override
    public void report(Event event) {
        Severity least = console.verbosity() == Verbosity.QUIET ? Severity.WARN : Severity.INFO;
        if (event.kind().severity().compareTo(least) < 0) {
            return;
        }
        StringBuilder line = new StringBuilder("tidemark: ");
        if (event.kind().severity() != Severity.INFO) {
            line.append(event.kind().severity() == Severity.WARN ? "warning: " : "error: ");
        }
        line.append(event.kind().message());
        for (Event.Field field : event.fields()) {
            line.append(' ').append(field.name()).append('=').append(Printable.of(field.value()));
        }
        console.err().println(line.append(" (").append(event.kind().code()).append(')'));
    }
}

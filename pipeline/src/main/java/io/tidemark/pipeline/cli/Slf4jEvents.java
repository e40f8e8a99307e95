package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.cli.GlobalOptions.Verbosity;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.event.Severity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Events as SLF4J's, for all commands but archive-push and archive-get: a constant message, the code, key-value pairs. */
public final class Slf4jEvents implements EventLog {
    private final Console console;
    private final Logger logger;

    public Slf4jEvents(Console console) {
        this.console = console;
        if (console.verbosity() == Verbosity.QUIET) {
            // Read by logback.xml, which is loaded with the first logger.
            System.setProperty("tidemark.log.level", "WARN");
        }
        this.logger = LoggerFactory.getLogger("tidemark");
    }

    @Override
    public void report(Event event) {
        LoggingEventBuilder line = logger.atLevel(level(event.kind().severity()))
                .setMessage(event.kind().message())
                .addKeyValue("code", event.kind().code());
        for (Event.Field field : event.fields()) {
            line = line.addKeyValue(field.name(), Printable.of(field.value()));
        }
        console.erase();
        line.log();
    }

    private static Level level(Severity severity) {
        return switch (severity) {
            case DEBUG -> Level.DEBUG;
            case INFO -> Level.INFO;
            case WARN -> Level.WARN;
            case ERROR -> Level.ERROR;
        };
    }
}

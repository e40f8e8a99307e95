package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupKind;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.WalPoint;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.postgres.PgControl;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A manifest's header from what a server has sent: its messages, its backup label and its control file must agree. */
final class OnlineHeader {
    /** PostgreSQL 17, build_backup_content (xlogbackup.c). */
    private static final Pattern START = Pattern.compile("(?m)^START WAL LOCATION: ([0-9A-F]+/[0-9A-F]+) \\(file ");

    private static final Pattern FROM = Pattern.compile("(?m)^BACKUP FROM: (primary|standby)$");

    private OnlineHeader() {}

    /**
     * @param startTime by the server's clock, before the backup began
     * @param stopTime by the server's clock, after it ended
     * @throws IntegrityFailed where two of them disagree
     */
    static Header of(
            OnlineServer server,
            BackupLabel label,
            Node node,
            OnlineReading reading,
            Instant startTime,
            Instant stopTime) {
        PgControl control = reading.aside().control();
        server.shape().require(control);
        SystemIdentifier system = new SystemIdentifier(control.systemIdentifier());
        if (!system.equals(server.system())) {
            throw new IntegrityFailed(server.where() + " is of system " + server.system()
                    + ", and the control file that it sent of system " + system);
        }
        String backupLabel = reading.aside().backupLabel();
        requireSame("START WAL LOCATION", reading.begun().start().toString(), found(START, backupLabel));
        String from = found(FROM, backupLabel);
        return new Header(
                label,
                BackupKind.FULL,
                null,
                DataDirectory.facts(server.postgres(), control),
                node,
                from.equals("standby") ? BackupOrigin.STANDBY : BackupOrigin.PRIMARY,
                reading.begun().timeline(),
                reading.begun().start(),
                new WalPoint(reading.begun().start(), startTime),
                new WalPoint(reading.ended().stop(), stopTime),
                backupLabel,
                reading.aside().tablespaceMap(),
                server.directoryMode());
    }

    private static String found(Pattern line, String backupLabel) {
        Matcher matcher = line.matcher(backupLabel);
        if (!matcher.find()) {
            throw new IntegrityFailed("the server's backup_label has no line like " + line);
        }
        return matcher.group(1);
    }

    private static void requireSame(String what, String said, String label) {
        if (!said.equals(label)) {
            throw new IntegrityFailed("the server says " + what + " " + said + ", and its backup_label " + label);
        }
    }
}

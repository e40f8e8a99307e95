package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.UtcTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** What a restore writes itself: postgresql.auto.conf, recovery.signal and, from the manifest, backup_label and tablespace_map. */
final class OwnFiles {
    private static final int MAX_CONF_BYTES = 16 << 20;

    private final RestorePlan plan;
    private final SafeDirectory root;
    private final Clock clock;

    OwnFiles(RestorePlan plan, SafeDirectory root, Clock clock) {
        this.plan = plan;
        this.root = root;
        this.clock = clock;
    }

    /** How many entries these are at the top, beyond those of the backup. */
    static int additional(RestorePlan plan) {
        int own = 1;
        own += plan.survey().hasAutoConf() ? 0 : 1;
        own += plan.survey().header().backupLabel() == null ? 0 : 1;
        own += plan.survey().header().tablespaceMap() == null ? 0 : 1;
        return own;
    }

    /**
     * recovery.signal last: with the label but without it, the server would take the copy for a crashed one.
     *
     * @return the lines that were taken out of postgresql.auto.conf
     */
    List<String> write() throws IOException {
        String heading = "by tidemark restore of backup " + plan.backup() + ", " + UtcTime.format(clock.instant());
        AutoConf.Rewritten conf = AutoConf.rewrite(
                read(RestoredPaths.AUTO_CONF.under(plan.places().root())), plan.settings(), heading);
        root.replace(RestoredPaths.AUTO_CONF, conf.bytes());
        String label = plan.survey().header().backupLabel();
        if (label != null) {
            root.write(RestoredPaths.BACKUP_LABEL, label.getBytes(StandardCharsets.UTF_8));
        }
        Optional<String> map = TablespaceMap.rewritten(plan.survey(), plan.places());
        if (map.isPresent()) {
            root.write(RestoredPaths.TABLESPACE_MAP, map.get().getBytes(StandardCharsets.UTF_8));
        }
        root.write(RestoredPaths.RECOVERY_SIGNAL, new byte[0]);
        return conf.removed();
    }

    private static byte[] read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return new byte[0];
        }
        if (Files.size(file) > MAX_CONF_BYTES) {
            throw new IOException("'" + file + "' has " + Files.size(file) + " bytes, which no configuration file has");
        }
        return Files.readAllBytes(file);
    }
}

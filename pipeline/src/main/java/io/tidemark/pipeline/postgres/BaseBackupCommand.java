package io.tidemark.pipeline.postgres;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code BASE_BACKUP} that a caller chooses. WAL is never asked for: it comes from the archive.
 *
 * @param label what the backup label names it, without line breaks
 * @param maxRateKiB KiB a second, 32 to 1 048 576; null for no limit
 */
public record BaseBackupCommand(
        String label,
        CheckpointMode checkpoint,
        @Nullable Integer maxRateKiB,
        ManifestChecksums manifestChecksums,
        ServerVerification verification) {

    /** How the checkpoint is written from which the backup begins. */
    public enum CheckpointMode {
        FAST,
        SPREAD
    }

    /** By which algorithm the server's manifest tells files' content. */
    public enum ManifestChecksums {
        NONE,
        CRC32C,
        SHA224,
        SHA256,
        SHA384,
        SHA512
    }

    /** Whether the server verifies the checksums of the pages that it sends. */
    public enum ServerVerification {
        ON,
        OFF
    }

    /** In the grammar of PostgreSQL 15 and later. */
    String text() {
        return "BASE_BACKUP ( LABEL '" + label.replace("'", "''") + "', PROGRESS, CHECKPOINT '"
                + checkpoint.name().toLowerCase(Locale.ROOT) + "', WAIT false, "
                + (maxRateKiB == null ? "" : "MAX_RATE " + maxRateKiB + ", ")
                + "TABLESPACE_MAP, VERIFY_CHECKSUMS " + (verification == ServerVerification.ON)
                + ", MANIFEST 'yes', MANIFEST_CHECKSUMS '" + manifestChecksums + "' )";
    }

    public BaseBackupCommand {
        if (maxRateKiB != null && (maxRateKiB < 32 || maxRateKiB > 1_048_576)) {
            throw new IllegalArgumentException("no rate from 32 to 1048576 KiB/s: " + maxRateKiB);
        }
        if (label.isEmpty() || label.length() > 1024 || label.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException("no backup label: " + label);
        }
    }
}

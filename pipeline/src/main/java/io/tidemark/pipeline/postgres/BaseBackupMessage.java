package io.tidemark.pipeline.postgres;

import io.netty.buffer.ByteBuf;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a base backup consists of, in the order in which it comes: Begun, then archives, each one ArchiveBegun and its Data, then
 * ManifestBegun and its Data, then Ended; Progressed and Noticed anywhere between. Source: PostgreSQL 17, Streaming Replication
 * Protocol, BASE_BACKUP.
 */
public sealed interface BaseBackupMessage {

    /** @param tablespaces the main data directory too, as the entry without oid */
    record Begun(Lsn start, TimelineId timeline, List<TablespaceEntry> tablespaces) implements BaseBackupMessage {
        public Begun {
            tablespaces = List.copyOf(tablespaces);
        }
    }

    /**
     * One archive that will come.
     *
     * @param oid unsigned; null for the data directory itself
     * @param location where the tablespace lies on the server; null for the data directory itself
     * @param sizeKiB as the server estimates it
     */
    record TablespaceEntry(
            @Nullable Long oid,
            @Nullable String location,
            @Nullable Long sizeKiB) {}

    /**
     * @param name {@code base.tar} or {@code 16400.tar}
     * @param tablespacePath empty for the data directory itself
     */
    record ArchiveBegun(String name, String tablespacePath) implements BaseBackupMessage {}

    record ManifestBegun() implements BaseBackupMessage {}

    /**
     * The next bytes of the archive or manifest that was begun last.
     *
     * @param data given: the receiver releases it
     */
    record Data(ByteBuf data) implements BaseBackupMessage {}

    /** @param bytesDone of the tablespaces' size, as the server counts it */
    record Progressed(long bytesDone) implements BaseBackupMessage {}

    record Noticed(ServerNotice notice) implements BaseBackupMessage {}

    record Ended(Lsn stop, TimelineId timeline) implements BaseBackupMessage {}
}

package io.tidemark.pipeline.backup;

import io.netty.buffer.Unpooled;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.postgres.BaseBackupCommand;
import io.tidemark.pipeline.postgres.BaseBackupMessage;
import io.tidemark.pipeline.postgres.BaseBackupMessage.ArchiveBegun;
import io.tidemark.pipeline.postgres.BaseBackupMessage.Begun;
import io.tidemark.pipeline.postgres.BaseBackupMessage.Data;
import io.tidemark.pipeline.postgres.BaseBackupMessage.Ended;
import io.tidemark.pipeline.postgres.BaseBackupMessage.ManifestBegun;
import io.tidemark.pipeline.postgres.BaseBackupMessage.TablespaceEntry;
import io.tidemark.pipeline.postgres.TimelineHistoryFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A directory, sent as a PostgreSQL 17 that runs on it would send it. What it sends can be changed before it does. */
final class ServedCluster implements ServerSession {
    static final Lsn START = Lsn.parse("0/1100028");
    static final Lsn STOP = Lsn.parse("0/1100158");
    static final Instant SERVER_TIME = Instant.parse("2026-11-27T01:59:00Z");

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("block_size", "8192"),
            Map.entry("wal_block_size", "8192"),
            Map.entry("segment_size", "131072"),
            Map.entry("wal_segment_size", "1048576"),
            Map.entry("data_checksums", "on"),
            Map.entry("data_directory_mode", "0700"),
            Map.entry("data_directory", "/srv/pg"),
            Map.entry("config_file", "/etc/postgresql/17/main/postgresql.conf"),
            Map.entry("archive_mode", "on"));

    private final FakeCluster cluster;
    private final Map<String, String> settings = new HashMap<>(SETTINGS);
    final Map<Long, Path> tablespaces = new TreeMap<>();
    /** Changes the manifest's text before its checksum is made. */
    UnaryOperator<String> manifest = text -> text;
    /** Changes the messages. */
    UnaryOperator<Flux<BaseBackupMessage>> messages = sent -> sent;

    @Nullable
    TimelineId stopTimeline;

    TimelineId timeline = TimelineId.FIRST;
    Lsn position = START;
    String history = "1\t0/1000000\tno recovery target specified\n";
    int messageBytes = 32 << 10;
    int closed;
    String archiver = "archiving of 000000010000000000000011 fails, last tried 3 s ago";

    ServedCluster(FakeCluster cluster) {
        this.cluster = cluster;
    }

    void set(String name, String value) {
        settings.put(name, value);
    }

    /** A tablespace elsewhere, with one relation. */
    void tablespace(long oid, Path location) throws IOException {
        cluster.tablespace(oid, location);
        tablespaces.put(oid, location);
    }

    @Override
    public OnlineServer server() {
        return new OnlineServer(
                "db1:5432",
                17,
                new SystemIdentifier(FakeCluster.SYSTEM),
                BackupOrigin.PRIMARY,
                timeline,
                position,
                settings,
                List.of("/etc/postgresql/17/main/conf.d/extra.conf", "/srv/pg/postgresql.auto.conf"));
    }

    @Override
    public Mono<Long> databaseBytes() {
        return Mono.just(12_345_678L);
    }

    @Override
    public Flux<BaseBackupMessage> baseBackup(BaseBackupCommand command) {
        return messages.apply(Flux.defer(() -> Flux.fromIterable(sent())).subscribeOn(Schedulers.boundedElastic()));
    }

    @Override
    public Mono<TimelineHistoryFile> history(TimelineId asked) {
        return Mono.just(TimelineHistoryFile.of(asked + ".history", history.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Mono<Instant> now() {
        return Mono.just(SERVER_TIME);
    }

    @Override
    public Mono<String> archiver() {
        return Mono.just(archiver);
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> closed++);
    }

    /** All messages of one backup; data buffers are the receiver's. */
    List<BaseBackupMessage> sent() {
        try {
            Manifest listed = new Manifest();
            List<BaseBackupMessage> all = new ArrayList<>();
            List<TablespaceEntry> entries = new ArrayList<>();
            tablespaces.forEach((oid, location) -> entries.add(new TablespaceEntry(oid, location.toString(), 17L)));
            entries.add(new TablespaceEntry(null, null, 2000L));
            all.add(new Begun(START, timeline, entries));
            for (Map.Entry<Long, Path> tablespace : tablespaces.entrySet()) {
                all.add(new ArchiveBegun(
                        tablespace.getKey() + ".tar", tablespace.getValue().toString()));
                cut(all, tablespaceTar(tablespace.getKey(), tablespace.getValue(), listed));
            }
            all.add(new ArchiveBegun("base.tar", ""));
            cut(all, baseTar(listed));
            all.add(new ManifestBegun());
            cut(all, listed.text(manifest).getBytes(StandardCharsets.UTF_8));
            all.add(new Ended(STOP, stopTimeline == null ? timeline : stopTimeline));
            return all;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void cut(List<BaseBackupMessage> all, byte[] bytes) {
        for (int at = 0; at < bytes.length; at += messageBytes) {
            int length = Math.min(messageBytes, bytes.length - at);
            all.add(new Data(Unpooled.buffer(length).writeBytes(bytes, at, length)));
        }
    }

    static byte[] ended(ByteArrayOutputStream members) {
        members.writeBytes(new byte[1024]);
        return members.toByteArray();
    }

    private byte[] tablespaceTar(long oid, Path location, Manifest listed) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        members(tar, location, location.resolve(FakeCluster.TABLESPACE_DIRECTORY), "pg_tblspc/" + oid + "/", listed);
        return ended(tar);
    }

    private byte[] baseTar(Manifest listed) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        file(tar, "backup_label", "", label().getBytes(StandardCharsets.UTF_8), listed);
        StringBuilder map = new StringBuilder();
        tablespaces.forEach(
                (oid, location) -> map.append(oid).append(' ').append(location).append('\n'));
        if (map.length() > 0) {
            file(tar, "tablespace_map", "", map.toString().getBytes(StandardCharsets.UTF_8), listed);
        }
        try (Stream<Path> top = Files.list(cluster.root())) {
            for (Path entry : top.sorted().toList()) {
                members(tar, cluster.root(), entry, "", listed);
            }
        }
        Path control = cluster.path("global/pg_control");
        file(tar, "global/pg_control", "", Files.readAllBytes(control), listed);
        return ended(tar);
    }

    private static String label() {
        return "START WAL LOCATION: " + START + " (file 000000010000000000000011)\nCHECKPOINT LOCATION: 0/1100080\n"
                + "BACKUP METHOD: streamed\nBACKUP FROM: primary\nSTART TIME: 2026-11-27 01:59:00 UTC\n"
                + "LABEL: tidemark\nSTART TIMELINE: 1\n";
    }

    private void members(ByteArrayOutputStream tar, Path root, Path from, String prefix, Manifest listed)
            throws IOException {
        String name = root.relativize(from).toString();
        boolean leftOut = name.startsWith("pg_wal/") && !Files.isDirectory(from)
                || name.equals("global/pg_control")
                || name.startsWith("pg_replslot/")
                || Files.isSymbolicLink(from);
        if (leftOut) {
            return;
        }
        if (Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
            file(tar, name, prefix, Files.readAllBytes(from), listed);
            return;
        }
        // PostgreSQL writes these two with a point before them
        String dots = name.equals("pg_wal/archive_status") || name.equals("pg_wal/summaries") ? "./" : "";
        tar.writeBytes(header(dots + name + "/", 0));
        try (Stream<Path> below = Files.list(from)) {
            for (Path entry : below.sorted().toList()) {
                members(tar, root, entry, prefix, listed);
            }
        }
    }

    private static void file(ByteArrayOutputStream tar, String name, String prefix, byte[] content, Manifest listed)
            throws IOException {
        tar.writeBytes(header(name, content.length));
        tar.writeBytes(content);
        tar.writeBytes(new byte[-content.length & 511]);
        listed.add(prefix + name, content);
    }

    /** Not ours: commons-compress writes it. */
    static byte[] header(String name, long size) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        entry.setMode(name.endsWith("/") ? 0040700 : 0100600);
        entry.setModTime(1_795_744_790_000L);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header);
        return header;
    }

    /** The server's manifest as PostgreSQL 17 writes it. */
    private static final class Manifest {
        private final StringBuilder files = new StringBuilder();

        void add(String path, byte[] content) {
            CRC32C crc = new CRC32C();
            crc.update(content, 0, content.length);
            String hex = String.format("%08x", Integer.reverseBytes((int) crc.getValue()));
            files.append(files.length() == 0 ? "\n" : ",\n")
                    .append("{ \"Path\": \"")
                    .append(path)
                    .append("\", \"Size\": ")
                    .append(content.length)
                    .append(", \"Last-Modified\": \"2026-11-27 01:59:00 GMT\", \"Checksum-Algorithm\": \"CRC32C\",")
                    .append(" \"Checksum\": \"")
                    .append(hex)
                    .append("\" }");
        }

        String text(UnaryOperator<String> change) {
            String body = change.apply("{ \"PostgreSQL-Backup-Manifest-Version\": 2,\n\"System-Identifier\": "
                    + FakeCluster.SYSTEM + ",\n\"Files\": [" + files + "\n],\n\"WAL-Ranges\": [\n"
                    + "{ \"Timeline\": 1, \"Start-LSN\": \"" + START + "\", \"End-LSN\": \"" + STOP + "\" }\n],\n");
            try {
                byte[] sha = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
                return body + "\"Manifest-Checksum\": \"" + HexFormat.of().formatHex(sha) + "\"}\n";
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
    }
}

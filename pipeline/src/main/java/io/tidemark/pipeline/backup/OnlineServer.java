package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.backup.FileProgress.Pages;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupOrigin;
import io.tidemark.pipeline.catalog.manifest.FileMode;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.BaseBackupCommand.ServerVerification;
import io.tidemark.pipeline.postgres.PostgresConnection;
import io.tidemark.pipeline.postgres.QueryResult;
import io.tidemark.pipeline.postgres.SystemIdentification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A running server, asked before a backup of it begins.
 *
 * @param where host and port, or socket, for messages
 * @param timeline that it writes, or replays
 * @param position how far it has come on that timeline
 * @param settings those that the role may see, by name
 * @param sourceFiles configuration files that settings come from, where the role may see them
 */
public record OnlineServer(
        String where,
        int postgres,
        SystemIdentifier system,
        BackupOrigin origin,
        TimelineId timeline,
        Lsn position,
        Map<String, String> settings,
        List<String> sourceFiles) {
    private static final String ASKED =
            "'block_size','wal_block_size','segment_size','wal_segment_size','data_checksums','data_directory_mode',"
                    + "'data_directory','config_file','hba_file','ident_file','archive_mode','archive_command',"
                    + "'archive_library','full_page_writes','wal_level','shared_preload_libraries',"
                    + "'pg_tde.wal_encrypt'";

    public OnlineServer {
        settings = Map.copyOf(settings);
        sourceFiles = List.copyOf(sourceFiles);
    }

    /**
     * Asks.
     *
     * @param sql an ordinary connection
     * @param identified by the replication connection to the same server
     */
    static Mono<OnlineServer> ask(PostgresConnection sql, SystemIdentification identified) {
        return sql.query("select name, setting from pg_settings where name in (" + ASKED + ")")
                .zipWhen(settings -> sql.query("select pg_is_in_recovery()"))
                .flatMap(both -> sql.query(
                                "select distinct sourcefile from pg_settings where sourcefile is not null order by 1")
                        .map(files -> new OnlineServer(
                                sql.server().where(),
                                sql.server().majorVersion(),
                                new SystemIdentifier(identified.systemIdentifier()),
                                "t".equals(both.getT2().single().text(0)) ? BackupOrigin.STANDBY : BackupOrigin.PRIMARY,
                                identified.timeline(),
                                identified.flushed(),
                                asMap(both.getT1()),
                                files.rows().stream().map(row -> text(row, 0)).toList())));
    }

    ClusterShape shape() {
        return new ClusterShape(
                number("block_size"),
                number("wal_block_size"),
                number("segment_size"),
                segmentSize(),
                required("data_checksums").equals("on") ? Pages.CHECKSUMMED : Pages.BARE);
    }

    WalSegmentSize segmentSize() {
        return new WalSegmentSize(number("wal_segment_size"));
    }

    FileMode directoryMode() {
        return FileMode.parse(required("data_directory_mode"));
    }

    /** Where the data directory is on the server, if the role may know. */
    public Optional<Path> dataDirectory() {
        return setting("data_directory").map(Path::of);
    }

    /** A tablespace's place below the data directory; null where it lies elsewhere, or the role may not know. */
    @Nullable
    FilePath inside(String location) {
        Path directory = dataDirectory().orElse(null);
        Path place = Path.of(location);
        return directory != null && place.startsWith(directory) && !place.equals(directory)
                ? SourceWalk.pathBelow(directory, place)
                : null;
    }

    /** A server would judge the ciphertext of pg_tde's pages, and now and then fail a backup by it. */
    ServerVerification verification() {
        boolean encrypts = setting("pg_tde.wal_encrypt").isPresent()
                || setting("shared_preload_libraries").orElse("").contains("pg_tde");
        return encrypts || shape().pages() == Pages.BARE ? ServerVerification.OFF : ServerVerification.ON;
    }

    /** Configuration that lies outside the data directory, as Debian keeps it: no base backup has it. */
    public List<String> notIncluded() {
        Path directory = dataDirectory().orElse(null);
        if (directory == null) {
            return List.of();
        }
        TreeSet<String> outside = new TreeSet<>(sourceFiles);
        for (String name : List.of("config_file", "hba_file", "ident_file")) {
            setting(name).ifPresent(outside::add);
        }
        List<String> lines = new ArrayList<>();
        for (String file : outside) {
            if (!Path.of(file).startsWith(directory)) {
                lines.add(file + " lies outside the data directory and is not included");
            }
        }
        return lines;
    }

    /** Why nothing of this server's WAL would ever be archived; empty where it may be. A standby's primary archives. */
    Optional<String> neverArchives() {
        if (origin == BackupOrigin.PRIMARY && required("archive_mode").equals("off")) {
            return Optional.of("archive_mode is off");
        }
        return Optional.empty();
    }

    private Optional<String> setting(String name) {
        return Optional.ofNullable(settings.get(name)).filter(value -> !value.isEmpty());
    }

    private String required(String name) {
        return setting(name)
                .orElseThrow(() -> new PostgresFailed(
                        where + " does not say what " + name + " is",
                        "let the role read settings: grant pg_read_all_settings to its name"));
    }

    private int number(String name) {
        try {
            return Integer.parseInt(required(name));
        } catch (NumberFormatException e) {
            throw new PostgresFailed(where + " says " + name + " '" + required(name) + "', which is no number", e);
        }
    }

    private static String text(QueryResult.Row row, int column) {
        String text = row.text(column);
        return text == null ? "" : text;
    }

    private static Map<String, String> asMap(QueryResult rows) {
        Map<String, String> all = new HashMap<>();
        rows.rows().forEach(row -> all.put(text(row, 0), text(row, 1)));
        return all;
    }
}

package io.tidemark.pipeline.care.demo;

import static io.tidemark.pipeline.care.demo.Narrator.count;
import static io.tidemark.pipeline.care.demo.Narrator.fill;
import static io.tidemark.pipeline.care.demo.Narrator.mebibytes;
import static io.tidemark.pipeline.care.demo.Narrator.rate;
import static io.tidemark.pipeline.care.demo.Narrator.seconds;

import io.tidemark.pipeline.care.scratch.PostgresArchive;
import io.tidemark.pipeline.care.scratch.PostgresServer;
import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.PostgresFailed;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The whole story on a scratch cluster: archive, back up, break, restore, prove. Runs to its end on the calling thread,
 * for a person to watch; takes about half a minute. Errors: the failures of {@code config}, and an
 * {@link IntegrityFailed} when the restored tables are not what they were.
 */
public final class Demo {
    private static final String RESTORE_POINT = "before-the-mistake";
    private static final int SHIPS = 2_000;
    private static final int CALLS_BEFORE = 40_000;
    private static final int CALLS_AFTER = 60_000;
    private static final int CALLS_IN_IGNORANCE = 20_000;

    private final Backstage backstage;
    private final Narrator story;

    private List<TableState> before = List.of();
    private Instant disaster = Instant.EPOCH;

    private Demo(Backstage backstage, Narrator story) {
        this.backstage = backstage;
        this.story = story;
    }

    /** What becomes of the scratch directory when the story is over, however it ends. */
    public enum Leftovers {
        REMOVE,
        KEEP
    }

    /**
     * Tells and performs the story.
     *
     * @param lines takes the story, line by line
     * @param installation where the running Tidemark lies; it is copied, and the copy does the work
     */
    public static void run(
            Product.Installation installation,
            Leftovers leftovers,
            Clock clock,
            SecureRandom random,
            Consumer<String> lines) {
        PostgresArchive archive = PostgresArchive.onClassPath()
                .orElseThrow(() -> new PostgresFailed(
                        "the demo's PostgreSQL is not beside this installation",
                        "run deploy/bin/tidemark demo in a source tree; the build puts PostgreSQL there"));
        if (!"amd64".equals(System.getProperty("os.arch"))) {
            throw new NotInThisVersion(
                    "the demo's PostgreSQL is built for amd64, and this machine is " + System.getProperty("os.arch"));
        }
        Narrator story = new Narrator(lines, clock);
        try (Backstage backstage = Backstage.set(installation, leftovers, clock, random)) {
            new Demo(backstage, story).perform(archive);
        } catch (PostgresFailed e) {
            // Programs say more than fits into the one line of an error.
            story.say(String.valueOf(e.getMessage()));
            throw new PostgresFailed(
                    "the demo stopped in its chapter " + story.chapter() + "; what was said last stands above it",
                    leftovers == Leftovers.KEEP
                            ? "look into what was kept"
                            : "demo --keep leaves everything to look at",
                    e);
        }
    }

    private void perform(PostgresArchive archive) {
        story.title("Tidemark demo: a PostgreSQL cluster is archived, backed up, destroyed, and brought back.");
        story.say("All of it happens in " + backstage.directory() + "; nothing of yours is touched.");
        aServer(archive);
        aRepository();
        someData();
        aBaseBackup();
        lifeGoesOn();
        theMistake();
        theDisaster();
        theRestore();
        theRecovery();
        theProof();
    }

    private void aServer(PostgresArchive archive) {
        story.chapter("A PostgreSQL server");
        Instant begin = story.now();
        long bytes = backstage.unpack(archive);
        PostgresServer server = backstage.newServer();
        story.say("unpacked " + server.version() + ", " + mebibytes(bytes) + ", in " + seconds(story.since(begin)));
        if (!backstage.account().prefix().isEmpty()) {
            story.say("you are root, which PostgreSQL refuses: the server runs as user "
                    + backstage.account().uid());
        }
        begin = story.now();
        backstage.initialize(server);
        story.say("made a cluster with data checksums in " + seconds(story.since(begin)) + "; in its postgresql.conf:");
        story.quote(
                "archive_mode = on\narchive_command = '" + backstage.product().archiveCommand() + "'");
    }

    private void aRepository() {
        story.chapter("A repository that only the holder of a key can read");
        backstage.makeKeys();
        story.command("tidemark init");
        story.quote(sheetsFacts(backstage.init()));
        story.say("two keys open it: one from a file, for every day, and a recovery key for the safe");
    }

    /** The recovery sheet's first part; the advice below it is for the person who keeps it. */
    private static String sheetsFacts(String sheet) {
        return sheet.lines()
                .takeWhile(line -> !line.startsWith("Write this"))
                .filter(line -> !line.isBlank())
                .collect(Collectors.joining("\n"));
    }

    private void someData() {
        story.chapter("A harbour's books");
        Instant begin = story.now();
        backstage.start();
        withHarbour(harbour -> {
            harbour.open();
            harbour.registerShips(SHIPS);
            harbour.portCalls(CALLS_BEFORE);
        });
        story.say(fill(
                "%s ships, %s port calls, %s pieces of cargo, written in %s",
                count(SHIPS), count(CALLS_BEFORE), count(2L * CALLS_BEFORE), seconds(story.since(begin))));
    }

    private void aBaseBackup() {
        story.chapter("A base backup, while the server runs");
        long stored = backstage.repositoryBytes();
        long files = ScratchDirectory.sizeBytes(backstage.server().dataDirectory());
        Instant begin = story.now();
        story.command("tidemark backup --checkpoint fast");
        story.quote(backstage.mustSucceed("backup", "--checkpoint", "fast"));
        Duration took = story.since(begin);
        story.say(fill(
                "%s of files became %s in the repository, compressed and sealed, in %s (%s, the start of Java included)",
                mebibytes(files), mebibytes(backstage.repositoryBytes() - stored), seconds(took), rate(files, took)));
    }

    private void lifeGoesOn() {
        story.chapter("Life goes on");
        long stored = backstage.repositoryBytes();
        Instant begin = story.now();
        withHarbour(harbour -> {
            harbour.portCalls(CALLS_AFTER);
            harbour.corrections(7);
            before = harbour.states();
            harbour.restorePoint(RESTORE_POINT);
            story.say(fill("%s more ships came in with their cargo, and clerks made corrections", count(CALLS_AFTER)));
            story.say(fill("a restore point, '%s', at %s", RESTORE_POINT, harbour.walPosition()));
            harbour.archiveEverything();
            long segments = harbour.archivedSegments();
            story.say(fill(
                    "PostgreSQL archived %d segments, %s became %s in the repository; all durable after %s",
                    segments,
                    mebibytes(segments * (16L << 20)),
                    mebibytes(backstage.repositoryBytes() - stored),
                    seconds(story.since(begin))));
        });
    }

    private void theMistake() {
        story.chapter("The mistake");
        withHarbour(harbour -> {
            long lost = before.stream()
                    .filter(state -> state.table().equals(Harbour.MISTAKE))
                    .mapToLong(TableState::rows)
                    .sum();
            harbour.theMistake();
            story.command("DROP TABLE " + Harbour.MISTAKE + ";   -- " + count(lost) + " rows, on the wrong server");
            harbour.portCallsWithoutCargo(CALLS_IN_IGNORANCE);
            harbour.archiveEverything();
            story.say(fill(
                    "nobody notices: %s more ships come in, and all of that is archived too",
                    count(CALLS_IN_IGNORANCE)));
        });
    }

    private void theDisaster() {
        story.chapter("The disaster");
        backstage.server().stop();
        long bytes = ScratchDirectory.sizeBytes(backstage.server().dataDirectory());
        ScratchDirectory.delete(backstage.server().dataDirectory());
        disaster = story.now();
        story.say(fill(
                "the server is stopped and its data directory deleted, %s; what is left is the repository (%s) and a key",
                mebibytes(bytes), mebibytes(backstage.repositoryBytes())));
    }

    private void theRestore() {
        story.chapter("The restore");
        Instant begin = story.now();
        story.command("tidemark restore --to restored --name " + RESTORE_POINT + " --action promote");
        story.quote(backstage.restore(RESTORE_POINT));
        long bytes = ScratchDirectory.sizeBytes(backstage.restoredDirectory());
        Duration took = story.since(begin);
        story.say(fill(
                "%s of files written and on the disk in %s (%s)", mebibytes(bytes), seconds(took), rate(bytes, took)));
    }

    private void theRecovery() {
        story.chapter("The recovery");
        Instant begin = story.now();
        backstage.startRestored();
        story.say("PostgreSQL starts on the restored files and asks for WAL, segment by segment, with the command");
        story.say("that restore wrote into postgresql.auto.conf:");
        story.quote(backstage.restoreCommand());
        withHarbour(Harbour::untilPromoted);
        story.say(fill(
                "it replayed up to '%s', stopped there and opened for writing after %s",
                RESTORE_POINT, seconds(story.since(begin))));
    }

    private void theProof() {
        story.chapter("The proof");
        withHarbour(harbour -> {
            List<TableState> after = harbour.states();
            for (TableState was : before) {
                boolean same = after.contains(was);
                story.say(fill(
                        "%-10s %9s rows   sha256 %s…   %s",
                        was.table(), count(was.rows()), was.shortDigest(), same ? "the same" : "NOT the same"));
            }
            if (!after.equals(before)) {
                throw new IntegrityFailed(
                        "the restored tables are not what they were: " + after + " instead of " + before);
            }
        });
        story.title("");
        story.title("Every row is back, and so is the dropped table: from the disaster to a working server in "
                + seconds(story.since(disaster)) + ", the whole story in " + seconds(story.sinceTheBeginning()) + ".");
        backstage.leftovers().ifPresent(story::title);
    }

    private void withHarbour(Consumer<Harbour> act) {
        try (Connection session = backstage.server().connect()) {
            act.accept(new Harbour(session));
        } catch (SQLException e) {
            throw new PostgresFailed("no session with the scratch server: " + e.getMessage(), e);
        }
    }
}

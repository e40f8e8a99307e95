package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.backup.BackupPlan;
import io.tidemark.pipeline.backup.BackupResult;
import io.tidemark.pipeline.backup.BackupResult.BadFile;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.UtcTime;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import io.tidemark.pipeline.catalog.manifest.PageSpan;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person or a script is told of a backup. */
final class BackupReport {
    private static final int SHOWN_BAD_FILES = 20;
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private BackupReport() {}

    static List<String> text(BackupPlan plan, List<Repository> repositories) {
        List<String> lines = new ArrayList<>();
        lines.add("would back up:");
        lines.addAll(cluster(plan.header()));
        for (Tablespace tablespace : plan.tablespaces()) {
            lines.add("  tablespace    " + tablespace.oid() + " at "
                    + Printable.of(tablespace.location().toString()));
        }
        lines.add("  files         " + plan.files() + " in " + plan.directories() + " directories, "
                + Amounts.size(plan.bytes()));
        lines.add("  repositories  "
                + String.join(", ", repositories.stream().map(Repository::name).toList()));
        plan.warnings().forEach(warning -> lines.add("  left out      " + Printable.of(warning)));
        return lines;
    }

    static List<String> text(BackupResult result) {
        List<String> lines = new ArrayList<>();
        lines.add("backup " + result.header().label());
        lines.addAll(cluster(result.header()));
        lines.add("  files         " + result.footer().files() + ", "
                + Amounts.size(result.footer().bytes()) + ", stored in " + Amounts.size(result.storedBytes()));
        lines.add("  took          " + Amounts.time(result.took()) + rate(result));
        lines.add("  repositories  " + String.join(", ", result.repositories()));
        result.dropped().forEach((name, why) -> lines.add("  not in        " + name + ": " + Printable.of(why)));
        result.warnings().forEach(warning -> lines.add("  left out      " + Printable.of(warning)));
        badFiles(result, lines);
        return lines;
    }

    private static List<String> cluster(Header header) {
        return List.of(
                "  cluster       " + header.cluster().systemIdentifier() + ", PostgreSQL "
                        + header.cluster().postgres() + ", timeline "
                        + header.timeline().number(),
                "  start         " + header.start().lsn(),
                "  stop          " + header.stop().lsn() + ", "
                        + local(header.stop().time()));
    }

    private static String local(Instant time) {
        return LOCAL.format(time.atZone(ZoneId.systemDefault()));
    }

    private static String rate(BackupResult result) {
        long millis = result.took().toMillis();
        return millis == 0 ? "" : ", " + Amounts.rate(result.footer().bytes() * 1000.0 / millis);
    }

    private static void badFiles(BackupResult result, List<String> lines) {
        result.badFiles().stream()
                .limit(SHOWN_BAD_FILES)
                .forEach(file -> lines.add("  BAD BLOCKS    " + Printable.of(file.path()) + ": " + blocks(file)));
        long more = result.badFileCount() - SHOWN_BAD_FILES;
        if (more > 0) {
            lines.add("  BAD BLOCKS    in " + more + " more files; --json lists them");
        }
    }

    private static String blocks(BadFile file) {
        List<String> spans = new ArrayList<>();
        for (PageSpan span :
                file.blocks().subList(0, Math.min(SHOWN_BAD_FILES, file.blocks().size()))) {
            long last = span.firstPage() + span.count() - 1;
            spans.add(span.count() == 1 ? Long.toString(last) : span.firstPage() + "-" + last);
        }
        return String.join(", ", spans) + (file.blocks().size() > SHOWN_BAD_FILES ? ", …" : "");
    }

    static JsonObject json(BackupPlan plan, List<Repository> repositories) {
        JsonObject json = cluster(new JsonObject(), plan.header());
        json.addProperty("files", plan.files());
        json.addProperty("directories", plan.directories());
        json.addProperty("bytes", plan.bytes());
        JsonArray tablespaces = new JsonArray();
        for (Tablespace tablespace : plan.tablespaces()) {
            JsonObject one = new JsonObject();
            one.addProperty("oid", tablespace.oid());
            one.addProperty("location", tablespace.location().toString());
            tablespaces.add(one);
        }
        json.add("tablespaces", tablespaces);
        json.add(
                "repositories",
                texts(repositories.stream().map(Repository::name).toList()));
        json.add("warnings", texts(plan.warnings()));
        return json;
    }

    static JsonObject json(BackupResult result) {
        JsonObject json = new JsonObject();
        json.addProperty("backup", result.header().label().value());
        json.addProperty("kind", result.header().backup().toString());
        cluster(json, result.header());
        json.addProperty("files", result.footer().files());
        json.addProperty("directories", result.footer().directories());
        json.addProperty("bytes", result.footer().bytes());
        json.addProperty("storedBytes", result.storedBytes());
        json.addProperty("seconds", result.took().toMillis() / 1000.0);
        json.add("repositories", texts(result.repositories()));
        JsonObject dropped = new JsonObject();
        result.dropped().forEach(dropped::addProperty);
        json.add("failedRepositories", dropped);
        json.add("warnings", texts(result.warnings()));
        json.addProperty("badBlocks", result.footer().badBlocks());
        json.addProperty("badFileCount", result.badFileCount());
        json.add("badFiles", badFiles(result.badFiles()));
        return json;
    }

    private static JsonObject cluster(JsonObject json, Header header) {
        json.addProperty("systemIdentifier", header.cluster().systemIdentifier().toString());
        json.addProperty("postgres", header.cluster().postgres());
        json.addProperty("timeline", header.timeline().toString());
        json.addProperty("start", header.start().lsn().toString());
        json.addProperty("stop", header.stop().lsn().toString());
        json.addProperty("stopTime", UtcTime.format(header.stop().time()));
        return json;
    }

    private static JsonArray badFiles(List<BadFile> files) {
        JsonArray all = new JsonArray();
        for (BadFile file : files) {
            JsonArray blocks = new JsonArray();
            for (PageSpan span : file.blocks()) {
                JsonArray one = new JsonArray();
                one.add(span.firstPage());
                one.add(span.count());
                blocks.add(one);
            }
            JsonObject one = new JsonObject();
            one.addProperty("file", file.path());
            one.add("blocks", blocks);
            all.add(one);
        }
        return all;
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray all = new JsonArray();
        texts.forEach(all::add);
        return all;
    }
}

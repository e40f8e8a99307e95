package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.care.info.BackupDetail;
import io.tidemark.pipeline.care.info.RootInfo;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.care.info.RootInfo.Timeline;
import io.tidemark.pipeline.catalog.UtcTime;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code info} says, for scripts: the same data as the text. */
final class InfoJson {
    private InfoJson() {}

    static JsonObject of(InfoCommand.Look look, InfoText text) {
        JsonObject json = new JsonObject();
        json.addProperty("repository", look.repository().name());
        json.addProperty("location", look.location());
        json.addProperty("required", look.repository().required());
        RootInfo info = look.info();
        if (info == null) {
            Throwable failure = look.failure();
            json.addProperty("error", failure == null ? "" : String.valueOf(failure.getMessage()));
            json.addProperty(
                    "exitCode", failure == null ? 70 : ExitCode.of(failure).number());
            return json;
        }
        json.addProperty("cluster", info.cluster());
        json.addProperty("repositoryId", info.repository());
        json.addProperty("generation", info.generation());
        JsonArray systems = new JsonArray();
        info.systems().forEach(system -> systems.add(of(system)));
        json.add("systems", systems);
        JsonArray lags = new JsonArray();
        text.lags(look).forEach(lags::add);
        json.add("lags", lags);
        return json;
    }

    private static JsonObject of(SystemOf system) {
        JsonObject json = new JsonObject();
        json.addProperty("system", system.system().toString());
        WalSegmentSize size = system.segmentSize();
        if (size != null) {
            json.addProperty("segmentSize", size.bytes());
        }
        JsonArray timelines = new JsonArray();
        system.timelines().forEach(timeline -> timelines.add(of(timeline)));
        json.add("timelines", timelines);
        JsonArray backups = new JsonArray();
        system.backups().forEach(backup -> backups.add(of(backup)));
        json.add("backups", backups);
        json.addProperty("rivals", system.rivals());
        json.addProperty("lastCommit", "not inspected");
        return json;
    }

    private static JsonObject of(Timeline timeline) {
        JsonObject json = new JsonObject();
        json.addProperty("timeline", timeline.timeline().toString());
        json.addProperty("history", timeline.history());
        json.addProperty("first", text(timeline.first()));
        json.addProperty("last", text(timeline.last()));
        json.addProperty("segments", timeline.segments());
        json.addProperty("storedBytes", timeline.storedBytes());
        if (timeline.missing() >= 0) {
            json.addProperty("missing", timeline.missing());
        }
        JsonArray gaps = new JsonArray();
        timeline.gaps().forEach(gap -> {
            JsonObject one = new JsonObject();
            one.addProperty("first", gap.first().toString());
            one.addProperty("last", gap.last().toString());
            one.addProperty("segments", gap.segments());
            gaps.add(one);
        });
        json.add("gaps", gaps);
        json.addProperty("partials", timeline.partials());
        json.addProperty("asFound", timeline.asFound());
        json.addProperty("again", timeline.again());
        return json;
    }

    private static JsonObject of(Backup backup) {
        JsonObject json = new JsonObject();
        json.addProperty("label", backup.label().value());
        json.addProperty("state", backup.state().name().toLowerCase(Locale.ROOT));
        json.addProperty("packs", backup.packs());
        json.addProperty("storedBytes", backup.storedBytes());
        ManifestLine.Header header = backup.header();
        if (header != null) {
            add(json, header);
        }
        if (backup.problem() != null) {
            json.addProperty("problem", backup.problem());
        }
        return json;
    }

    static JsonObject of(String repository, BackupDetail detail) {
        JsonObject json = new JsonObject();
        json.addProperty("repository", repository);
        json.addProperty("label", detail.label().value());
        ManifestLine.Header header = detail.header();
        ManifestLine.Footer footer = detail.footer();
        if (header == null || footer == null) {
            json.addProperty("state", "abandoned");
            return json;
        }
        add(json, header);
        json.addProperty("node", header.node().name());
        json.addProperty("system", header.cluster().systemIdentifier().toString());
        json.addProperty("postgres", header.cluster().postgres());
        json.addProperty("redo", header.redo().toString());
        json.addProperty("files", footer.files());
        json.addProperty("directories", footer.directories());
        json.addProperty("tablespaces", footer.tablespaces());
        json.addProperty("bytes", footer.bytes());
        json.addProperty("badBlocks", footer.badBlocks());
        json.addProperty("packs", footer.packs());
        json.addProperty("storedBytes", detail.storedBytes());
        json.addProperty("lastCommit", "not inspected");
        return json;
    }

    private static void add(JsonObject json, ManifestLine.Header header) {
        json.addProperty("kind", header.backup().toString());
        json.addProperty("parent", text(header.parent()));
        json.addProperty("timeline", header.timeline().toString());
        json.addProperty("start", header.start().lsn().toString());
        json.addProperty("stop", header.stop().lsn().toString());
        json.addProperty("finished", UtcTime.format(header.stop().time()));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}

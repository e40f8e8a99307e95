package io.tidemark.pipeline.restore;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.UtcTime;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.WalPoint;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan in words and in JSON. */
final class PlanReport {
    private PlanReport() {}

    static List<String> lines(RestorePlan plan, ZoneId here) {
        RestorePlan.Draft draft = plan.draft();
        Header backup = draft.backup();
        List<String> lines = new ArrayList<>();
        lines.add("target      " + plan.request().target().describe(here)
                + (plan.request().inclusion() == RestoreRequest.Inclusion.EXCLUSIVE ? ", without it" : ""));
        lines.add("timeline    " + draft.choice().path().timeline().number() + ", "
                + draft.choice().why() + " (path: " + draft.choice().path() + ")");
        if (draft.tree().size() > 1) {
            draft.tree().forEach(line -> lines.add("            " + line));
        }
        lines.add("repository  " + plan.source().name() + " ("
                + plan.source().store().location() + ")"
                + (plan.repositories().size() > 1 ? "; WAL also from " + others(plan) : ""));
        lines.add("backup      " + backup.label() + ", " + backup.backup() + ", system "
                + backup.cluster().systemIdentifier() + ", PostgreSQL "
                + backup.cluster().postgres());
        lines.add("            stop " + backup.stop().lsn() + " on timeline "
                + backup.timeline().number() + " at "
                + TargetTime.print(backup.stop().time(), here));
        lines.add("files       " + plan.files() + " of " + size(plan.bytes()) + ", at most " + size(plan.storedBytes())
                + " to fetch from " + plan.survey().packs().size() + " packs");
        lines.add("WAL         " + wal(draft));
        lines.add("reaches     " + draft.end() + lastSegment(plan));
        lines.add("last commit not inspected" + archived(draft, here));
        lines.add("directory   " + plan.places().root());
        for (Place place : plan.places().outside()) {
            lines.add("            " + place.link() + " -> " + place.directory()
                    + (place.directory().equals(place.origin()) ? "" : " (was " + place.origin() + ")"));
        }
        lines.add("settings    in postgresql.auto.conf:");
        plan.settings().forEach(setting -> lines.add("            " + setting.line()));
        plan.notes().forEach(note -> lines.add("note        " + note));
        return lines;
    }

    private static String others(RestorePlan plan) {
        return String.join(
                ", ",
                plan.repositories().stream()
                        .filter(name -> !name.equals(plan.source().name()))
                        .toList());
    }

    private static String wal(RestorePlan.Draft draft) {
        if (draft.wal().through() == null) {
            return "none in the archive from " + draft.wal().first() + " on: the backup's own is all there is";
        }
        WalSegmentSize size = draft.backup().cluster().segmentSize();
        return draft.wal().segments() + " segments from " + draft.wal().first() + ", "
                + size(draft.wal().segments() * size.bytes()) + " to replay at most, about "
                + size(draft.wal().storedBytes()) + " to fetch";
    }

    private static String lastSegment(RestorePlan plan) {
        return plan.through().map(segment -> ", through segment " + segment).orElse("");
    }

    private static String archived(RestorePlan.Draft draft, ZoneId here) {
        Instant last = draft.lastArchived();
        return last == null ? "" : "; last segment archived " + TargetTime.print(last, here);
    }

    static JsonObject json(RestorePlan plan) {
        RestorePlan.Draft draft = plan.draft();
        JsonObject json = new JsonObject();
        json.addProperty("directory", plan.places().root().toString());
        json.add("target", target(plan));
        json.add("timeline", timeline(draft));
        json.addProperty("repository", plan.source().name());
        json.add("repositories", texts(plan.repositories()));
        json.add("backup", backup(draft.backup()));
        json.add("files", files(plan));
        json.add("wal", wal(plan));
        JsonArray places = new JsonArray();
        for (Place place : plan.places().outside()) {
            JsonObject one = new JsonObject();
            one.addProperty("link", place.link().toString());
            one.addProperty("was", place.origin().toString());
            one.addProperty("directory", place.directory().toString());
            places.add(one);
        }
        json.add("places", places);
        JsonObject settings = new JsonObject();
        plan.settings().forEach(setting -> settings.addProperty(setting.name(), setting.value()));
        json.add("settings", settings);
        json.add("notes", texts(plan.notes()));
        return json;
    }

    private static JsonObject target(RestorePlan plan) {
        JsonObject target = new JsonObject();
        RestoreRequest request = plan.request();
        target.addProperty("kind", request.target().kind().toString());
        request.target().settings().forEach(setting -> target.addProperty("value", setting.value()));
        target.addProperty("inclusive", request.inclusion() == RestoreRequest.Inclusion.INCLUSIVE);
        target.addProperty("action", request.action().toString());
        return target;
    }

    private static JsonObject timeline(RestorePlan.Draft draft) {
        JsonObject timeline = new JsonObject();
        timeline.addProperty("number", draft.choice().path().timeline().number());
        timeline.addProperty("why", draft.choice().why());
        JsonArray path = new JsonArray();
        for (TimelinePath.Leg leg : draft.choice().path().legs()) {
            JsonObject one = new JsonObject();
            one.addProperty("timeline", leg.timeline().number());
            Lsn end = leg.end();
            one.add("end", end == null ? JsonNull.INSTANCE : new JsonPrimitive(end.toString()));
            path.add(one);
        }
        timeline.add("path", path);
        timeline.add("tree", texts(draft.tree()));
        return timeline;
    }

    private static JsonObject backup(Header header) {
        JsonObject backup = new JsonObject();
        backup.addProperty("label", header.label().toString());
        backup.addProperty("kind", header.backup().toString());
        backup.addProperty("origin", header.origin().toString());
        backup.addProperty("system", header.cluster().systemIdentifier().toString());
        backup.addProperty("postgres", header.cluster().postgres());
        backup.addProperty("timeline", header.timeline().number());
        backup.addProperty("redo", header.redo().toString());
        backup.add("start", point(header.start()));
        backup.add("stop", point(header.stop()));
        return backup;
    }

    private static JsonObject point(WalPoint point) {
        JsonObject json = new JsonObject();
        json.addProperty("lsn", point.lsn().toString());
        json.addProperty("time", UtcTime.format(point.time()));
        return json;
    }

    private static JsonObject files(RestorePlan plan) {
        JsonObject files = new JsonObject();
        files.addProperty("count", plan.files());
        files.addProperty("bytes", plan.bytes());
        files.addProperty("packs", plan.survey().packs().size());
        files.addProperty("storedBytes", plan.storedBytes());
        files.addProperty("badBlocks", plan.survey().badBlocks());
        return files;
    }

    private static JsonObject wal(RestorePlan plan) {
        RestorePlan.Draft draft = plan.draft();
        JsonObject wal = new JsonObject();
        wal.addProperty("first", draft.wal().first().toString());
        wal.add("through", plan.through().<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE));
        wal.addProperty("segments", draft.wal().segments());
        wal.addProperty(
                "bytes",
                draft.wal().segments() * draft.backup().cluster().segmentSize().bytes());
        wal.addProperty("storedBytes", draft.wal().storedBytes());
        wal.addProperty("end", draft.end().toString());
        wal.add("lastCommit", JsonNull.INSTANCE);
        Instant last = draft.lastArchived();
        wal.add("lastArchived", last == null ? JsonNull.INSTANCE : new JsonPrimitive(UtcTime.format(last)));
        return wal;
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }

    /** Such as {@code 1.4 GiB}. */
    static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}

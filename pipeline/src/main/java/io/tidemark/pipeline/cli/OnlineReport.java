package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.pipeline.backup.OnlineBackup;
import io.tidemark.pipeline.backup.OnlineServer;
import io.tidemark.pipeline.catalog.Repository;
import java.util.ArrayList;
import java.util.List;

/** What a backup of a running server would take, for a person or a script. */
final class OnlineReport {
    private OnlineReport() {}

    static List<String> text(OnlineBackup.Plan plan, List<Repository> repositories) {
        OnlineServer server = plan.server();
        List<String> lines = new ArrayList<>();
        lines.add("would back up:");
        lines.add("  server        " + Printable.of(server.where()) + ", a " + server.origin());
        lines.add("  cluster       " + server.system() + ", PostgreSQL " + server.postgres());
        lines.add("  databases     about " + Amounts.size(plan.databaseBytes()));
        lines.add("  repositories  "
                + String.join(", ", repositories.stream().map(Repository::name).toList()));
        server.notIncluded().forEach(file -> lines.add("  left out      " + Printable.of(file)));
        return lines;
    }

    static JsonObject json(OnlineBackup.Plan plan, List<Repository> repositories) {
        OnlineServer server = plan.server();
        JsonObject json = new JsonObject();
        json.addProperty("server", server.where());
        json.addProperty("origin", server.origin().toString());
        json.addProperty("systemIdentifier", server.system().toString());
        json.addProperty("postgres", server.postgres());
        json.addProperty("bytes", plan.databaseBytes());
        JsonArray names = new JsonArray();
        repositories.forEach(repository -> names.add(repository.name()));
        json.add("repositories", names);
        JsonArray warnings = new JsonArray();
        server.notIncluded().forEach(warnings::add);
        json.add("warnings", warnings);
        return json;
    }
}

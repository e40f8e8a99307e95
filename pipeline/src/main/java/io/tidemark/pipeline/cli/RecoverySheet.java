package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.crypto.keyset.FileRecipient;
import io.tidemark.crypto.keyset.ProviderKey;
import io.tidemark.crypto.keyset.ProviderRecipient;
import io.tidemark.crypto.keyset.Recipient;
import io.tidemark.crypto.keyset.RecoveryRecipient;
import io.tidemark.pipeline.care.init.InitReport;
import io.tidemark.pipeline.catalog.UtcTime;
import java.util.ArrayList;
import java.util.List;

/** What {@code init} prints for the safe: everything but the keys themselves. */
final class RecoverySheet {
    private RecoverySheet() {}

    static List<String> lines(InitReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("Tidemark recovery sheet");
        lines.add("");
        lines.add("cluster       " + report.cluster());
        lines.add("uuid          " + report.uuid());
        lines.add("root          " + report.root());
        lines.add("keyset        generation " + report.generation() + ", made " + UtcTime.format(report.created()));
        for (InitReport.Made made : report.repositories()) {
            lines.add("repository    " + made.name() + "  " + Printable.of(made.location()) + "  ("
                    + made.outcome().word() + ")");
        }
        for (Recipient recipient : report.recipients()) {
            lines.add("opened by     " + describe(recipient));
        }
        lines.add("");
        lines.add("Write this into the configuration of every host of the cluster, so that nobody who can write a");
        lines.add("repository can put another keyset in its place:");
        lines.add("");
        lines.add("  cluster:");
        lines.add("    " + report.cluster() + ":");
        lines.add("      root: " + report.root());
        lines.add("");
        lines.addAll(safe(report));
        return lines;
    }

    private static List<String> safe(InitReport report) {
        List<RecoveryRecipient> recovery = report.recipients().stream()
                .filter(RecoveryRecipient.class::isInstance)
                .map(RecoveryRecipient.class::cast)
                .toList();
        if (recovery.isEmpty()) {
            return List.of(
                    "There is NO RECOVERY KEY. Whoever loses the keys above loses every backup of this cluster, and",
                    "nobody can help. `tidemark keys recovery-key` makes one, `tidemark keys rotate` brings it in.");
        }
        InitReport.Made first = report.repositories().get(0);
        return List.of(
                "Print this sheet. Keep it, and apart from it the private half of recovery key "
                        + recovery.get(0).id(),
                "with its passphrase, off this host and off the repositories: with the sheet and that key all can be",
                "restored when every other key is lost. The sheet holds no secret.",
                "",
                "To restore with the recovery key:",
                "  tidemark restore --to DIR --cluster " + report.cluster() + " --root " + report.root() + " \\",
                "    --set keys.recovery-key=/PATH/RECOVERY.pem --set keys.recovery-passphrase=file:/PATH/PASSPHRASE",
                "To open one object without Tidemark (Python 3.11, its cryptography package, the zstd command):",
                "  recover.py " + Printable.of(first.location()) + " NAME --recovery-key RECOVERY.pem \\",
                "    --root " + report.root() + " > OUT");
    }

    static String describe(Recipient recipient) {
        return switch (recipient.kind()) {
            case FILE ->
                "key file \"" + Printable.of(recipient.name()) + "\", check value "
                        + ((FileRecipient) recipient).check();
            case RECOVERY -> "recovery key " + ((RecoveryRecipient) recipient).id();
            case KMIP, VAULT -> describe((ProviderRecipient) recipient);
        };
    }

    private static String describe(ProviderRecipient recipient) {
        ProviderKey key = recipient.key();
        return recipient.kind().word() + " key \"" + Printable.of(key.name()) + "\""
                + (key.id() == null ? "" : " (" + Printable.of(key.id()) + ")") + " of provider \""
                + Printable.of(key.provider()) + "\""
                + (key.check() == null ? "" : ", check value " + key.check());
    }

    static JsonArray json(List<Recipient> recipients) {
        JsonArray all = new JsonArray();
        for (Recipient recipient : recipients) {
            JsonObject one = new JsonObject();
            one.addProperty("kind", recipient.kind().word());
            one.addProperty("name", recipient.name());
            if (recipient instanceof FileRecipient file) {
                one.addProperty("check", file.check().hex());
            } else if (recipient instanceof RecoveryRecipient recovery) {
                one.addProperty("id", recovery.id());
            } else if (recipient instanceof ProviderRecipient server) {
                one.add("key", json(server.key()));
                one.addProperty("how", server.how().word());
            }
            all.add(one);
        }
        return all;
    }

    private static JsonObject json(ProviderKey key) {
        JsonObject json = new JsonObject();
        json.addProperty("provider", key.provider());
        json.addProperty("name", key.name());
        json.addProperty("id", key.id());
        CheckValue check = key.check();
        json.addProperty("check", check == null ? null : check.hex());
        return json;
    }

    static JsonObject json(InitReport report) {
        JsonObject json = new JsonObject();
        json.addProperty("cluster", report.cluster());
        json.addProperty("uuid", report.uuid());
        json.addProperty("root", report.root());
        json.addProperty("generation", report.generation());
        json.addProperty("created", UtcTime.format(report.created()));
        json.add("recipients", json(report.recipients()));
        JsonArray repositories = new JsonArray();
        for (InitReport.Made made : report.repositories()) {
            JsonObject one = new JsonObject();
            one.addProperty("name", made.name());
            one.addProperty("location", made.location());
            one.addProperty("repository", made.repository());
            one.addProperty("outcome", made.outcome().word());
            repositories.add(one);
        }
        json.add("repositories", repositories);
        return json;
    }
}

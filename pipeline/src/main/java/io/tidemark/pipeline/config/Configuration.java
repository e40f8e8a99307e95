package io.tidemark.pipeline.config;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The effective configuration: immutable, validated as a whole. What a command cannot work without, but others can, is
 * asked for here ({@link #cluster}, {@link #repositories(List)}), so that the error is the same everywhere.
 */
public record Configuration(
        SortedMap<String, ClusterSettings> clusters,
        SortedMap<String, RepositorySettings> repositories,
        KeySettings keys,
        ArchivePushSettings archivePush,
        ArchiveGetSettings archiveGet,
        BackupDefaults backup,
        RestoreSettings restore,
        Limits limits,
        CompressionSettings compression) {

    public Configuration {
        clusters = Collections.unmodifiableSortedMap(new TreeMap<>(clusters));
        repositories = Collections.unmodifiableSortedMap(new TreeMap<>(repositories));
    }

    /**
     * The cluster that the command is about.
     *
     * @param name what {@code --cluster} said; null where it was left out, which is enough when there is one. Where none is
     *     configured, the name alone makes one: a restore needs no more
     */
    public ClusterSettings cluster(@Nullable String name) {
        if (clusters.isEmpty() && name != null && Names.isName(name)) {
            return new ClusterSettings(name, null, null, null, null);
        }
        if (clusters.isEmpty()) {
            throw new UsageError(
                    "no cluster is configured",
                    "name one in the configuration file, or with --set cluster.<name>.data-directory=DIR");
        }
        if (name == null) {
            if (clusters.size() > 1) {
                throw new UsageError("several clusters are configured: " + names(clusters), "say which with --cluster");
            }
            return clusters.values().iterator().next();
        }
        ClusterSettings cluster = clusters.get(name);
        if (cluster == null) {
            throw new UsageError("no cluster \"" + name + "\" is configured; configured: " + names(clusters));
        }
        return cluster;
    }

    /**
     * The repositories that the command is about, required ones first, each group by name; at least one.
     *
     * @param chosen what {@code --repository} said, empty for all
     */
    public List<RepositorySettings> repositories(List<String> chosen) {
        if (repositories.isEmpty()) {
            throw new UsageError(
                    "no repository is configured",
                    "name one in the configuration file, or with --set repository.<name>.directory=DIR");
        }
        for (String name : chosen) {
            if (!repositories.containsKey(name)) {
                throw new UsageError(
                        "no repository \"" + name + "\" is configured; configured: " + names(repositories));
            }
        }
        return repositories.values().stream()
                .filter(r -> chosen.isEmpty() || chosen.contains(r.name()))
                .sorted((a, b) -> Boolean.compare(b.required(), a.required()))
                .toList();
    }

    private static String names(SortedMap<String, ?> map) {
        return String.join(", ", map.keySet());
    }
}

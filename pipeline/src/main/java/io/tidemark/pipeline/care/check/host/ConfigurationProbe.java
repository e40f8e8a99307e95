package io.tidemark.pipeline.care.check.host;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.config.RepositorySettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;

/**
 * What the configuration says, where it comes from. That it can be read and nobody else can write it was seen when it was
 * read: otherwise there is no check at all.
 */
public final class ConfigurationProbe implements Probe.Independent {
    private final EffectiveConfiguration effective;
    private final ClusterSettings cluster;
    private final List<RepositorySettings> repositories;

    public ConfigurationProbe(
            EffectiveConfiguration effective, ClusterSettings cluster, List<RepositorySettings> repositories) {
        this.effective = effective;
        this.cluster = cluster;
        this.repositories = List.copyOf(repositories);
    }

    @Override
    public String name() {
        return "configuration";
    }

    @Override
    public Flux<Finding> findings() {
        return Flux.defer(() -> Flux.fromIterable(looked()));
    }

    private List<Finding> looked() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                name(),
                "cluster \"" + cluster.name() + "\", "
                        + repositories.stream()
                                .map(repository -> "repository \"" + repository.name() + "\""
                                        + (repository.required() ? "" : " (optional)"))
                                .collect(Collectors.joining(", "))
                        + ", from " + origins()));
        if (repositories.stream().noneMatch(RepositorySettings::required)) {
            findings.add(Finding.warning(
                    name(),
                    "no repository is required: a segment counts as archived when it is in any of them",
                    "repository." + repositories.get(0).name() + ".required: true"));
        }
        Path dataDirectory = cluster.dataDirectory();
        if (dataDirectory == null) {
            findings.add(Finding.warning(
                    name(),
                    "cluster." + cluster.name() + ".data-directory is not configured: archive-push finds it by its "
                            + "working directory only",
                    "cluster." + cluster.name() + ".data-directory: what SHOW data_directory says"));
        } else {
            repositories.stream()
                    .filter(repository -> repository.place() instanceof RepositoryPlace.Directory place
                            && place.directory().startsWith(dataDirectory))
                    .forEach(repository -> findings.add(Finding.warning(
                            name(),
                            "repository \"" + repository.name()
                                    + "\" lies in the data directory that it is the backup of",
                            "move it to another disk, better to another machine's")));
        }
        return findings;
    }

    private String origins() {
        TreeSet<String> origins = new TreeSet<>();
        for (EffectiveConfiguration.Line line : effective.lines()) {
            String origin = line.origin();
            if (!origin.equals("default")) {
                origins.add(
                        origin.startsWith("environment ") ? "the environment" : origin.replaceFirst(":[0-9]+$", ""));
            }
        }
        return origins.isEmpty() ? "defaults" : String.join(", ", origins);
    }
}

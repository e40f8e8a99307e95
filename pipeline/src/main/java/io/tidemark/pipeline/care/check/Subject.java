package io.tidemark.pipeline.care.check;

import io.tidemark.pipeline.care.check.probe.Mode;
import io.tidemark.pipeline.care.check.server.ExpectedCommand;
import io.tidemark.pipeline.care.check.server.ServerAccess;
import io.tidemark.pipeline.care.check.store.CheckedRepository;
import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.KeysetAccess;
import java.time.Duration;
import java.util.List;

/**
 * What a check is about.
 *
 * @param settings of the repositories
 * @param repositories the same, in the same order
 * @param keyServices those of KMIP that the configuration names
 * @param archiveCommand that the server should have
 * @param deadline for everything
 * @param mode whether anything is written or switched
 */
public record Subject(
        EffectiveConfiguration effective,
        ClusterSettings cluster,
        List<RepositorySettings> settings,
        List<CheckedRepository> repositories,
        ConfiguredKeys keys,
        KeysetAccess keysets,
        List<KmipService> keyServices,
        ServerAccess server,
        ExpectedCommand archiveCommand,
        Duration deadline,
        Mode mode) {
    public Subject {
        settings = List.copyOf(settings);
        repositories = List.copyOf(repositories);
        keyServices = List.copyOf(keyServices);
    }
}

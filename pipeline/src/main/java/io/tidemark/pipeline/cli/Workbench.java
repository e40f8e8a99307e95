package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.archive.ConfiguredRepository;
import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.kmip.KmipService;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.Configuration;
import io.tidemark.pipeline.config.EffectiveConfiguration;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.postgres.ConnectionSettings;
import io.tidemark.pipeline.postgres.PostgresClient;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.decorator.Meter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What commands work with: the parts of the object graph, each made by {@code Wiring} when it is first asked for. Commands hand the
 * parts on to the verbs' constructors; no verb sees the workbench.
 */
public interface Workbench {
    /** What was said on the command line, for commands that write it down for another one (restore). */
    GlobalOptions options();

    /** Read and validated as a whole at the first call. */
    Configuration configuration();

    /** The same, with where each value comes from. */
    EffectiveConfiguration effective();

    /** The cluster that {@code --cluster} names, or the only one. */
    ClusterSettings cluster();

    Console console();

    EventLog events();

    Clock clock();

    SecureRandom random();

    /** For compression and cryptography: as many workers as {@code limits.workers}. */
    Scheduler cpu();

    /** For file I/O: bounded elastic. */
    Scheduler files();

    /** A cluster's root in one repository. Nothing is asked of it yet; where it is missing, each call says so. */
    ObjectStore store(ClusterSettings cluster, RepositorySettings repository);

    /** The same root, made where it is missing, and probed for what a repository needs: for {@code init} alone. */
    Mono<ObjectStore> newRoot(ClusterSettings cluster, RepositorySettings repository);

    /** What was asked so far of the repositories that were used, by their names; not of those of archive-push and archive-get. */
    Map<String, Meter> traffic();

    /** The keys that the configuration names. */
    ConfiguredKeys keys();

    /** The way to the cluster's sealing keyset by these keys. */
    KeysetAccess keysets(ClusterSettings cluster);

    /** Opens roots of the cluster: store, marker, keyset. */
    RepositoryAccess repositories(ClusterSettings cluster);

    /** A root of the cluster as archiving uses it: opened when it is asked, and perhaps not there. */
    ConfiguredRepository archive(ClusterSettings cluster, RepositorySettings repository);

    /** The node that a data directory is: the configured name, or the default by host name and real path. */
    String node(ClusterSettings cluster, Path dataDirectory);

    /** Connects to PostgreSQL; its threads are made at the first call. */
    PostgresClient postgres();

    /** How the cluster's server is reached. Blocks where a service file is named. */
    ConnectionSettings connection(ClusterSettings cluster);

    /** Where the running Tidemark lies: its launcher and its jars. */
    Product.Installation installation();

    /** The key service of a provider, without a connection yet. */
    KmipService kmip(KeyProviderSettings.InKmip settings);

    /** Relative paths on the command line are relative to it. */
    Path workingDirectory();
}

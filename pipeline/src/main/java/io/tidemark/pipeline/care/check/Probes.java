package io.tidemark.pipeline.care.check;

import io.tidemark.pipeline.care.check.host.CertificatesProbe;
import io.tidemark.pipeline.care.check.host.ConfigurationProbe;
import io.tidemark.pipeline.care.check.host.DataDirectoryProbe;
import io.tidemark.pipeline.care.check.host.KeysProbe;
import io.tidemark.pipeline.care.check.host.SpaceProbe;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.check.probe.ServerState;
import io.tidemark.pipeline.care.check.server.ConnectionProbe;
import io.tidemark.pipeline.care.check.server.ReplicationProbe;
import io.tidemark.pipeline.care.check.server.RoundTripProbe;
import io.tidemark.pipeline.care.check.server.SettingProbes;
import io.tidemark.pipeline.care.check.store.AdmissionProbe;
import io.tidemark.pipeline.care.check.store.CheckedRepository;
import io.tidemark.pipeline.care.check.store.ClosureProbe;
import io.tidemark.pipeline.care.check.store.KeysetProbe;
import io.tidemark.pipeline.care.check.store.LagProbe;
import io.tidemark.pipeline.care.check.store.LifecycleProbe;
import io.tidemark.pipeline.care.check.store.StoreProbe;
import io.tidemark.pipeline.config.RepositoryPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * All that is looked at, in the order in which it is told: the one list. A new probe is a class, and a line here.
 */
public final class Probes {
    /** What is left of the deadline for the round trip's own report. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private final Subject subject;
    private final Tools tools;

    public Probes(Subject subject, Tools tools) {
        this.subject = subject;
        this.tools = tools;
    }

    /** The check of everything. */
    public Check check() {
        Mono<ServerState> server = subject.server().state().cache();
        return new Check(all(server), server, subject.deadline(), tools.timer());
    }

    private List<Probe> all(Mono<ServerState> server) {
        List<Probe> probes = new ArrayList<>();
        probes.add(new ConfigurationProbe(subject.effective(), subject.cluster(), subject.settings()));
        probes.add(new KeysProbe(subject.effective().configuration().keys(), subject.keys()));
        if (!subject.keyServices().isEmpty()) {
            probes.add(new CertificatesProbe(subject.keyServices(), tools.clock()));
        }
        ofServer(server, probes);
        ofRepositories(server, probes);
        probes.add(new RoundTripProbe(
                subject.server(),
                server,
                subject.repositories(),
                subject.mode(),
                patience(),
                tools.clock(),
                tools.random(),
                tools.timer()));
        return probes;
    }

    private void ofServer(Mono<ServerState> server, List<Probe> probes) {
        probes.add(new ConnectionProbe(subject.cluster(), server));
        probes.addAll(SettingProbes.all(subject.archiveCommand()));
        probes.add(new ReplicationProbe(subject.server(), server));
        probes.add(new DataDirectoryProbe(subject.cluster(), server, tools.user(), tools.files()));
        Holdings.wal(subject.cluster(), server, tools.files()).ifPresent(probes::add);
    }

    private void ofRepositories(Mono<ServerState> server, List<Probe> probes) {
        probes.add(new KeysetProbe(subject.cluster(), subject.keysets(), subject.repositories()));
        probes.add(
                new AdmissionProbe(Holdings.system(subject.cluster(), server, tools.files()), subject.repositories()));
        for (CheckedRepository repository : subject.repositories()) {
            probes.add(new StoreProbe(
                    repository, subject.mode(), tools.product(), tools.clock(), tools.random(), tools.cpu()));
            probes.add(new ClosureProbe(repository));
            probes.add(new LifecycleProbe(repository));
            if (repository.place() instanceof RepositoryPlace.Directory place) {
                probes.add(new SpaceProbe(
                        repository.toString(),
                        place.directory().resolve(subject.cluster().name()),
                        Holdings.lastBackup(repository),
                        tools.files()));
            }
        }
        if (subject.repositories().size() > 1) {
            probes.add(new LagProbe(subject.repositories()));
        }
    }

    private Duration patience() {
        Duration left = subject.deadline().minus(MARGIN);
        return left.compareTo(MARGIN) > 0 ? left : subject.deadline().dividedBy(2);
    }
}

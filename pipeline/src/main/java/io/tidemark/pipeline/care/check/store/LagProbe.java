package io.tidemark.pipeline.care.check.store;

import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.info.RootInfo;
import io.tidemark.pipeline.care.info.RootInfo.Backup;
import io.tidemark.pipeline.care.info.RootInfo.State;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Which repository lags behind another one, in WAL and in backups. */
public final class LagProbe implements Probe.Independent {
    private final List<CheckedRepository> repositories;

    public LagProbe(List<CheckedRepository> repositories) {
        this.repositories = List.copyOf(repositories);
    }

    @Override
    public String name() {
        return "lag";
    }

    @Override
    public Flux<Finding> findings() {
        return Flux.fromIterable(repositories)
                .concatMap(
                        repository -> repository
                                .inventory()
                                .map(info -> new Look(repository, info))
                                .onErrorResume(notThere -> Mono.empty()),
                        1)
                .collectList()
                .flatMapIterable(this::compared);
    }

    private List<Finding> compared(List<Look> looks) {
        if (looks.size() < 2) {
            return List.of(
                    Finding.skipped(name(), "fewer than two repositories could be read: there is nothing to compare"));
        }
        List<Finding> findings = new ArrayList<>();
        newestWal(looks).forEach((system, newest) -> looks.forEach(look -> wal(look, system, newest, findings)));
        newestBackups(looks)
                .forEach(
                        label -> looks.stream()
                                .filter(look -> look.backups()
                                        .noneMatch(backup -> backup.label().equals(label)))
                                .forEach(
                                        look -> findings.add(
                                                Finding.warning(
                                                        name(),
                                                        look.repository + " lacks backup " + label
                                                                + ", the newest of its system",
                                                        "was it away during the backup? tidemark backup takes the next one into every repository"))));
        if (findings.isEmpty()) {
            findings.add(
                    Finding.ok(name(), "all " + looks.size() + " repositories have the same newest WAL and backup"));
        }
        return findings;
    }

    private void wal(Look look, SystemIdentifier system, WalSegmentName newest, List<Finding> findings) {
        SystemOf here = look.system(system).orElse(null);
        WalSegmentName last = here == null ? null : last(here);
        long behind = behind(here, last, newest);
        // one segment may be on its way
        if (newest.equals(last) || behind == 1) {
            return;
        }
        findings.add(Finding.warning(
                name(),
                look.repository + " has WAL of system " + system + (last == null ? " not at all" : " up to " + last)
                        + ", another repository up to " + newest
                        + (behind < 0 ? "" : " (" + behind + " segments behind)"),
                "required repositories catch up with the next segment pushed; an optional one that was away keeps the "
                        + "gap, and a restore takes the other repository"));
    }

    /** In segments; -1 where that cannot be said. */
    private static long behind(@Nullable SystemOf here, @Nullable WalSegmentName last, WalSegmentName newest) {
        WalSegmentSize size = here == null ? null : here.segmentSize();
        if (size == null || last == null || !last.timeline().equals(newest.timeline())) {
            return -1;
        }
        return Long.divideUnsigned(newest.start(size).distanceFrom(last.start(size)), size.bytes());
    }

    private static Map<SystemIdentifier, WalSegmentName> newestWal(List<Look> looks) {
        Map<SystemIdentifier, WalSegmentName> newest = new TreeMap<>();
        for (Look look : looks) {
            for (SystemOf system : look.info.systems()) {
                WalSegmentName last = last(system);
                if (last != null) {
                    newest.merge(system.system(), last, (a, b) -> a.compareTo(b) >= 0 ? a : b);
                }
            }
        }
        return newest;
    }

    private static @Nullable WalSegmentName last(SystemOf system) {
        return system.timelines().stream()
                .map(RootInfo.Timeline::last)
                .filter(Objects::nonNull)
                .max(WalSegmentName::compareTo)
                .orElse(null);
    }

    /** Of each system the newest; labels begin with their time, which is good enough for this. */
    private static TreeSet<BackupLabel> newestBackups(List<Look> looks) {
        Map<SystemIdentifier, BackupLabel> newest = new TreeMap<>();
        for (Look look : looks) {
            for (SystemOf system : look.info.systems()) {
                Look.complete(system)
                        .forEach(backup ->
                                newest.merge(system.system(), backup.label(), (a, b) -> a.compareTo(b) >= 0 ? a : b));
            }
        }
        return new TreeSet<>(newest.values());
    }

    private record Look(CheckedRepository repository, RootInfo info) {
        Optional<SystemOf> system(SystemIdentifier wanted) {
            return info.systems().stream()
                    .filter(system -> system.system().equals(wanted))
                    .findFirst();
        }

        Stream<Backup> backups() {
            return info.systems().stream().flatMap(Look::complete);
        }

        static Stream<Backup> complete(SystemOf system) {
            return system.backups().stream().filter(backup -> backup.state() == State.COMPLETE);
        }
    }
}

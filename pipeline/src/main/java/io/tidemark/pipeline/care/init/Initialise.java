package io.tidemark.pipeline.care.init;

import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.care.init.InitReport.Made;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.keys.GenerationCopy;
import io.tidemark.pipeline.keys.GenerationMaker;
import io.tidemark.pipeline.keys.GenerationStore;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.OpenedKeyset;
import io.tidemark.pipeline.keys.RecipientChoice;
import io.tidemark.pipeline.keys.RepositoryAccess;
import io.tidemark.pipeline.keys.RootExpectation;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes a cluster's root in each of its repositories, or completes what an interrupted run left.
 *
 * <p>In each root the keyset generation comes first and {@code tidemark.json} last, so that what has a marker has a keyset.
 * The first repository that has a keyset gives it, and the cluster's uuid, to the others. Every put is a put-if-absent whose
 * answer decides: of two runs at once one makes the keyset and the other takes it over.
 *
 * <p>Nothing is ever made beside objects that are there already: a root that has objects and no keyset that opens is
 * refused, for a new keyset would turn all of them into foreign ones.
 */
public final class Initialise {
    private static final String DIFFERENT =
            "each cluster has roots of its own; was a wrong directory or cluster name configured?";

    private final String cluster;
    private final KeysetAccess access;
    private final RepositoryAccess repositories;
    private final GenerationMaker maker;
    private final InitAdmission admission;
    private final Clock clock;
    private final SecureRandom random;

    /** @param cluster the configuration's name */
    public Initialise(
            String cluster,
            KeysetAccess access,
            RepositoryAccess repositories,
            GenerationMaker maker,
            InitAdmission admission,
            Clock clock,
            SecureRandom random) {
        this.cluster = cluster;
        this.access = access;
        this.repositories = repositories;
        this.maker = maker;
        this.admission = admission;
        this.clock = clock;
        this.random = random;
    }

    /** Whether a keyset that nobody can open after the loss of the daily keys is allowed. */
    public enum RecoveryKey {
        REQUIRED,
        WAIVED
    }

    /**
     * Makes or completes all of them, in this order. Fails with {@link UsageError} (recipients), {@link RefusedForSafety}
     * (a root that is not empty), {@link IntegrityFailed} (roots of different clusters, a generation that is not the
     * cluster's), and as stores and keys fail; a rerun goes on from there.
     */
    public Mono<InitReport> run(List<InitTarget> targets, RecoveryKey recoveryKey) {
        return Flux.fromIterable(targets)
                .concatMap(InitRoot::look, 1)
                .concatMap(root -> admission.check(root.store()).thenReturn(root), 1)
                .collectList()
                .flatMap(roots -> Mono.usingWhen(
                        keyset(roots, recoveryKey),
                        source -> Flux.fromIterable(roots)
                                .concatMap(root -> complete(root, source), 1)
                                .collectList()
                                .map(made -> report(source, made)),
                        source -> Mono.fromRunnable(source::close)));
    }

    /** The cluster's keyset: the highest generation of all roots that have one, or a new one in the first root. */
    private Mono<InitSource> keyset(List<InitRoot> roots, RecoveryKey recoveryKey) {
        if (roots.stream().noneMatch(InitRoot::hasKeyset)) {
            return Mono.defer(() -> create(roots, recoveryKey));
        }
        // a root whose own keyset does not open may get it from another one; what stays wrong shows at the end
        List<TidemarkException> failures = new ArrayList<>();
        return Flux.fromIterable(roots)
                .filter(InitRoot::hasKeyset)
                .concatMap(
                        root -> access.open(root.store(), root.assumedMarker())
                                .map(opened -> new InitSource(root, opened))
                                .onErrorResume(TidemarkException.class, failure -> {
                                    failures.add(failure);
                                    return Mono.empty();
                                }),
                        1)
                .reduce(Initialise::higher)
                .doOnNext(source -> requireSameCluster(roots, source))
                .switchIfEmpty(Mono.defer(() -> Mono.error(failures.get(0))));
    }

    private static void requireSameCluster(List<InitRoot> roots, InitSource source) {
        for (InitRoot root : roots) {
            if (!root.hasKeyset()) {
                root.requireEmpty();
            } else if (!root.assumedMarker().cluster().equals(source.uuid())) {
                source.close();
                throw new IntegrityFailed(
                        root.describe() + " belongs to cluster "
                                + root.assumedMarker().cluster() + ", "
                                + source.root().describe() + " to " + source.uuid(),
                        DIFFERENT);
            }
        }
    }

    private static InitSource higher(InitSource one, InitSource other) {
        if (!one.uuid().equals(other.uuid()) || !one.rootHex().equals(other.rootHex())) {
            one.close();
            other.close();
            throw new IntegrityFailed(
                    one.root().describe() + " and " + other.root().describe() + " belong to different clusters: uuid "
                            + one.uuid() + ", root " + one.rootHex() + " and uuid " + other.uuid() + ", root "
                            + other.rootHex(),
                    DIFFERENT);
        }
        InitSource chosen = other.number() > one.number() ? other : one;
        (chosen == one ? other : one).close();
        return chosen;
    }

    private Mono<InitSource> create(List<InitRoot> roots, RecoveryKey recoveryKey) {
        requireRecipients(recoveryKey);
        for (InitRoot root : roots) {
            root.requireEmpty();
        }
        if (access.root() instanceof RootExpectation.Exactly exactly) {
            throw new UsageError(
                    "cluster." + cluster + ".root is configured (" + exactly.hex()
                            + "), but none of the repositories holds that cluster's keyset",
                    "is the right directory configured, and mounted? a new cluster gets a new root: take the line out");
        }
        InitRoot first = roots.get(0);
        String uuid = uuid(random);
        return Mono.using(
                SealingKeyset::create,
                keyset -> maker.make(keyset, uuid, 1)
                        .flatMap(generation -> GenerationStore.put(first.store(), 1, generation.toJson()))
                        // whoever won: what lies there now is the cluster's, if we can open it
                        .then(first.lookAgain())
                        .flatMap(now -> access.open(now.store(), now.assumedMarker())
                                .map(opened -> new InitSource(now, opened))));
    }

    private void requireRecipients(RecoveryKey recoveryKey) {
        if (maker.recipients().stream().noneMatch(choice -> choice.use() == RecipientChoice.Use.DAILY)) {
            throw new UsageError(
                    "keys.recipients names no key provider: nobody could archive",
                    "add `- { provider: NAME }` with a key file, keys.provider.NAME.file");
        }
        if (recoveryKey == RecoveryKey.REQUIRED
                && maker.recipients().stream().noneMatch(choice -> choice.use() == RecipientChoice.Use.RECOVERY)) {
            throw new UsageError(
                    "no recovery key is configured: if the daily keys are lost, so is every backup",
                    "make one with `tidemark keys recovery-key --out FILE` and name its public half with "
                            + "`- { recovery: FILE.pub }` in keys.recipients; --without-recovery-key goes on without");
        }
    }

    /** What a root lacks of the source's generations, then its marker; then it must open as it will be used. */
    private Mono<Made> complete(InitRoot root, InitSource source) {
        return copyGenerations(root, source)
                .flatMap(copied -> marker(root, source)
                        .flatMap(marker -> Mono.usingWhen(
                                repositories.open(
                                        root.target().name(), root.target().requirement(), root.store()),
                                opened -> admission
                                        .admit(opened)
                                        .then(Mono.fromSupplier(() -> new Made(
                                                root.target().name(),
                                                root.store().location(),
                                                marker.repository(),
                                                root.outcome(copied)))),
                                opened -> Mono.fromRunnable(opened::close))));
    }

    private Mono<Long> copyGenerations(InitRoot root, InitSource source) {
        return root.target().name().equals(source.root().target().name())
                ? Mono.just(0L)
                : new GenerationCopy(
                                access, source.root().store(), source.root().assumedMarker())
                        .run(root.store(), source.number())
                        .count();
    }

    private Mono<RepositoryMarker> marker(InitRoot root, InitSource source) {
        if (root.marker() != null) {
            return Mono.just(root.marker());
        }
        RepositoryMarker ours = RepositoryMarker.of(
                source.uuid(), repositoryId(random), clock.instant().truncatedTo(ChronoUnit.MICROS));
        return GenerationStore.put(root.store(), ObjectNames.MARKER, ours.toJson(), RepositoryMarker.MAX_BYTES)
                .then(root.lookAgain())
                .map(InitRoot::assumedMarker);
    }

    private InitReport report(InitSource source, List<Made> made) {
        Generation generation = source.opened().generation();
        return new InitReport(
                cluster,
                source.uuid(),
                source.rootHex(),
                generation.number(),
                generation.created(),
                generation.recipients(),
                made);
    }

    private static String uuid(SecureRandom random) {
        long high = random.nextLong() & ~0xF000L | 0x4000L;
        long low = random.nextLong() & 0x3FFFFFFFFFFFFFFFL | Long.MIN_VALUE;
        return new UUID(high, low).toString();
    }

    private static String repositoryId(SecureRandom random) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** The root from which the others take the keyset, with the keyset open. */
    record InitSource(InitRoot root, OpenedKeyset opened) {
        String uuid() {
            return opened.generation().cluster();
        }

        String rootHex() {
            return opened.derivations().rootHex();
        }

        int number() {
            return opened.generation().number();
        }

        void close() {
            opened.close();
        }
    }
}

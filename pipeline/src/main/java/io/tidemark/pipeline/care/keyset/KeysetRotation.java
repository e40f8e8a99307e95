package io.tidemark.pipeline.care.keyset;

import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.RecipientKind;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.care.init.Initialise;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.config.Busy;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.keys.GenerationCopy;
import io.tidemark.pipeline.keys.GenerationMaker;
import io.tidemark.pipeline.keys.GenerationStore;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.OpenedKeyset;
import io.tidemark.pipeline.keys.RecipientChoice;
import io.tidemark.sinks.StoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gives the cluster a new sealing key. The new generation goes to the first required repository, whose answer decides, and
 * then, the same bytes, to the others: who loses reads again and starts again. A node seals with the new key in a
 * repository as soon as it reads the generation there, not before.
 *
 * <p>A run that was killed between repositories is completed by the next one, which then makes no further key.
 *
 * <p>Source: FORMAT.md section 4, "Rotation".
 */
public final class KeysetRotation {
    private static final int MOST_ATTEMPTS = 5;
    private static final int REACH = 1000;

    private final KeysetAccess access;
    private final GenerationMaker maker;

    public KeysetRotation(KeysetAccess access, GenerationMaker maker) {
        this.access = access;
        this.maker = maker;
    }

    /**
     * @param roots the first required one decides; none of them is made
     * @return fails with {@link UsageError} (recipients), {@link Busy} (lost to others again and again),
     *     {@link StoreFailed} (a required repository has not got the generation: run it again), and as keys and stores fail
     */
    public Mono<RotationReport> run(List<KeyRoot> roots, Initialise.RecoveryKey recoveryKey) {
        KeyRoot deciding = roots.stream()
                .filter(root -> root.requirement() == Requirement.REQUIRED)
                .findFirst()
                .orElse(roots.get(0));
        List<KeyRoot> others = roots.stream().filter(root -> root != deciding).toList();
        return deciding.marker().flatMap(marker -> attempt(new Deciding(deciding, marker, others), recoveryKey, 1));
    }

    private Mono<RotationReport> attempt(Deciding deciding, Initialise.RecoveryKey recoveryKey, int attempt) {
        return Mono.usingWhen(
                access.open(deciding.root().store(), deciding.marker()),
                opened -> spread(deciding, opened.generation().number()).flatMap(interrupted -> {
                    if (attempt == 1 && interrupted.copied() > 0) {
                        return Mono.just(report(
                                RotationReport.Outcome.COMPLETED, opened.generation(), opened.keyset(), interrupted));
                    }
                    return rotate(deciding, opened, recoveryKey, attempt);
                }),
                opened -> Mono.fromRunnable(opened::close));
    }

    private Mono<RotationReport> rotate(
            Deciding deciding, OpenedKeyset opened, Initialise.RecoveryKey recoveryKey, int attempt) {
        requireRecipients(opened.generation(), recoveryKey);
        // refused where this node has already used a higher generation
        opened.sealing();
        return Mono.using(
                () -> opened.keyset().withNewPrimary(),
                keyset -> free(deciding, opened.generation().number())
                        .flatMap(number -> maker.make(keyset, deciding.marker().cluster(), number))
                        .flatMap(made -> GenerationStore.put(deciding.root().store(), made.number(), made.toJson())
                                .flatMap(outcome -> outcome == GenerationStore.Outcome.TAKEN
                                        ? again(deciding, recoveryKey, attempt)
                                        : spread(deciding, made.number())
                                                .map(spread -> report(
                                                        RotationReport.Outcome.ROTATED, made, keyset, spread)))));
    }

    private Mono<RotationReport> again(Deciding deciding, Initialise.RecoveryKey recoveryKey, int attempt) {
        return attempt >= MOST_ATTEMPTS
                ? Mono.error(new Busy("other rotations of this cluster won " + MOST_ATTEMPTS + " times in a row"))
                : Mono.defer(() -> attempt(deciding, recoveryKey, attempt + 1));
    }

    /** The lowest number above that no repository shows, so that a squatted one stops nothing. */
    private Mono<Integer> free(Deciding deciding, int above) {
        return Flux.fromIterable(deciding.all())
                .concatMap(
                        root -> access.numbers(root.store())
                                .onErrorResume(
                                        StoreException.class,
                                        failure -> root == deciding.root() ? Mono.error(failure) : Mono.empty()),
                        1)
                .collect(HashSet<Integer>::new, Set::addAll)
                .map(taken -> {
                    for (int number = above + 1; number <= above + REACH; number++) {
                        if (!taken.contains(number)) {
                            return number;
                        }
                    }
                    throw new IntegrityFailed(
                            "no generation number from " + (above + 1) + " to " + (above + REACH) + " is free",
                            "somebody has put files into keys/: `tidemark keys status` lists them");
                });
    }

    /** Brings all generations up to {@code last} to the others; an optional one that cannot be reached stays behind. */
    private Mono<Spread> spread(Deciding deciding, int last) {
        GenerationCopy copy = new GenerationCopy(access, deciding.root().store(), deciding.marker());
        List<RotationReport.Behind> behind = new ArrayList<>();
        return Flux.fromIterable(deciding.others())
                .concatMap(
                        root -> requireSameCluster(deciding, root)
                                .thenMany(copy.run(root.store(), last))
                                .count()
                                .onErrorResume(failure -> root.requirement() == Requirement.OPTIONAL, failure -> {
                                    behind.add(new RotationReport.Behind(
                                            root.name(), String.valueOf(failure.getMessage())));
                                    return Mono.just(0L);
                                })
                                .onErrorMap(failure -> unreached(root, last, failure)),
                        1)
                .reduce(0L, Long::sum)
                .map(copied -> new Spread(copied, behind));
    }

    private static Mono<Void> requireSameCluster(Deciding deciding, KeyRoot root) {
        return root.marker()
                .flatMap(marker -> marker.cluster().equals(deciding.marker().cluster())
                        ? Mono.empty()
                        : Mono.error(new IntegrityFailed(root.describe() + " belongs to cluster " + marker.cluster()
                                + ", " + deciding.root().describe() + " to "
                                + deciding.marker().cluster())));
    }

    private static Throwable unreached(KeyRoot root, int last, Throwable failure) {
        if (failure instanceof TidemarkException) {
            return failure;
        }
        return new StoreFailed(
                root.describe() + " has not got keyset generation " + last + ": " + failure.getMessage(),
                "run `tidemark keys rotate` again when it can be reached: it completes this rotation",
                failure);
    }

    private void requireRecipients(Generation before, Initialise.RecoveryKey recoveryKey) {
        boolean had = before.recipients().stream().anyMatch(recipient -> recipient.kind() == RecipientKind.RECOVERY);
        boolean has = maker.recipients().stream().anyMatch(choice -> choice.use() == RecipientChoice.Use.RECOVERY);
        if (had && !has && recoveryKey == Initialise.RecoveryKey.REQUIRED) {
            throw new UsageError(
                    "generation " + before.number()
                            + " has a recovery key among its recipients, keys.recipients has none",
                    "name its public half in keys.recipients; --without-recovery-key goes on without, and then the loss "
                            + "of the daily keys is the loss of what is sealed from now on");
        }
        if (maker.recipients().stream().noneMatch(choice -> choice.use() == RecipientChoice.Use.DAILY)) {
            throw new UsageError(
                    "keys.recipients names no key provider: nobody could archive",
                    "add `- { provider: NAME }`, as it was for generation " + before.number());
        }
    }

    private static RotationReport report(
            RotationReport.Outcome outcome, Generation generation, SealingKeyset keyset, Spread spread) {
        return new RotationReport(
                outcome, generation.number(), keyset.newestFirst().size(), generation.recipients(), spread.behind());
    }

    private record Deciding(KeyRoot root, RepositoryMarker marker, List<KeyRoot> others) {
        List<KeyRoot> all() {
            List<KeyRoot> all = new ArrayList<>(others);
            all.add(0, root);
            return all;
        }
    }

    private record Spread(long copied, List<RotationReport.Behind> behind) {}
}

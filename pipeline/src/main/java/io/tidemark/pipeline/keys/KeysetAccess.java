package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.GenerationReader.Invalid;
import io.tidemark.pipeline.keys.GenerationReader.Reading;
import io.tidemark.pipeline.keys.GenerationReader.Valid;
import io.tidemark.sinks.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The way to a repository's sealing keyset: lists {@code keys/}, opens the generation that counts (the highest that one
 * of our identities opens and whose commitment and root are right), and reports the others. Each subscription asks the
 * store anew.
 *
 * <p>Source: FORMAT.md section 4, "Which generation counts".
 */
public final class KeysetAccess {
    /** Numbers kept of a listing; a cluster that rotates daily has so many after some centuries. */
    private static final int MOST_NUMBERS = 100_000;

    private final List<Identity> identities;
    private final RootExpectation root;
    private final GenerationMemory memory;
    private final EventLog events;

    /**
     * @param identities tried in this order
     * @param events told what a person should know although work goes on
     */
    public KeysetAccess(List<Identity> identities, RootExpectation root, GenerationMemory memory, EventLog events) {
        this.identities = List.copyOf(identities);
        this.root = root;
        this.memory = memory;
        this.events = events;
    }

    /** The same access that holds keysets against another root. */
    public KeysetAccess withRoot(RootExpectation expected) {
        return new KeysetAccess(identities, expected, memory, events);
    }

    /** What opened keysets are held against. */
    public RootExpectation root() {
        return root;
    }

    /**
     * Opens the generation that counts; the subscriber closes it. Fails with {@link KeysFailed} (no key at hand opens
     * one), {@link IntegrityFailed} (there is none, or none is sound and of this cluster), {@link UsageError} (the root
     * must be known and is not), or a {@code StoreException}.
     */
    public Mono<OpenedKeyset> open(ObjectStore store, RepositoryMarker marker) {
        if (identities.isEmpty()) {
            return Mono.error(() -> new UsageError(
                    "no key is configured that could open the keyset of " + store.location(),
                    "name a key file with keys.provider.<name>.file, or the recovery key with keys.recovery-key"));
        }
        GenerationReader reader = new GenerationReader(store, marker, identities, root);
        return Mono.zip(numbers(store), memory.recall(marker.cluster(), store.location()))
                .flatMap(known ->
                        new Search(store, reader, known.getT1(), known.getT2().highest()).run())
                .doOnNext(opened -> tell(store, opened))
                .flatMap(opened -> memory.remember(
                                marker.cluster(),
                                store.location(),
                                opened.generation().number())
                        .thenReturn(opened))
                .doOnDiscard(OpenedKeyset.class, OpenedKeyset::close);
    }

    /**
     * Opens the generation that counts without a listing, where this node has listed lately, what it found then still opens,
     * and the next number is free, which is how a rotation shows; otherwise as {@link #open}. Higher generations that do not
     * count are not looked for: for commands that run once a segment.
     */
    public Mono<OpenedKeyset> openRemembered(ObjectStore store, RepositoryMarker marker) {
        return memory.recall(marker.cluster(), store.location())
                .filter(GenerationMemory.Recollection::listedLately)
                .flatMap(known -> stillHighest(store, marker, known.highest()))
                .switchIfEmpty(Mono.defer(() -> open(store, marker)));
    }

    /** Empty for whatever is not as it was, errors included: the search says what it is. */
    private Mono<OpenedKeyset> stillHighest(ObjectStore store, RepositoryMarker marker, int number) {
        GenerationReader reader = new GenerationReader(store, marker, identities, root);
        return Mono.zip(
                        reader.read(number).ofType(Valid.class).onErrorComplete(),
                        GenerationStore.isFree(store, number + 1).filter(free -> free))
                .map(both -> new OpenedKeyset(both.getT1(), List.of(), number))
                .doOnNext(opened -> tell(store, opened))
                .doOnDiscard(Valid.class, Valid::close)
                .doOnDiscard(OpenedKeyset.class, OpenedKeyset::close);
    }

    /**
     * What each generation of the repository is, the lowest first, at most {@code GenerationSearch.REACH} of them: for
     * {@code keys status}. The keysets are closed; errors as {@link #open}, but for single generations.
     */
    public Flux<GenerationStatus> survey(ObjectStore store, RepositoryMarker marker) {
        GenerationReader reader = new GenerationReader(store, marker, identities, root);
        return numbers(store)
                .flatMapIterable(numbers -> numbers)
                .take(GenerationSearch.REACH)
                .concatMap(number -> reader.read(number).map(reading -> status(number, reading)), 1);
    }

    /** The numbers of the generations that the repository shows, ascending; names of other forms are passed over. */
    public Mono<List<Integer>> numbers(ObjectStore store) {
        return store.list(ObjectNames.KEYS)
                .mapNotNull(object -> ObjectNames.parse(object.name()).orElse(null))
                .ofType(CatalogName.KeysetGeneration.class)
                .map(CatalogName.KeysetGeneration::number)
                .take(MOST_NUMBERS)
                .collectList();
    }

    private static GenerationStatus status(int number, Reading reading) {
        if (reading instanceof Valid valid) {
            int keys = valid.keyset().newestFirst().size();
            valid.close();
            return GenerationStatus.valid(valid.generation(), keys);
        }
        return GenerationStatus.invalid(number, ((Invalid) reading).problem());
    }

    private void tell(ObjectStore store, OpenedKeyset opened) {
        int number = opened.generation().number();
        if (root instanceof RootExpectation.Anything) {
            events.report(Event.of(KeysEvent.ROOT_NOT_CHECKED)
                    .with("repository", store.location())
                    .with("generation", number)
                    .with("root", opened.derivations().rootHex()));
        }
        for (GenerationProblem problem : opened.problems()) {
            events.report(Event.of(KeysEvent.GENERATION_REFUSED)
                    .with("repository", store.location())
                    .with("generation", problem.number())
                    .with("used", number)
                    .with("why", problem.what()));
        }
        if (opened.remembered() > number) {
            events.report(Event.of(KeysEvent.ROLLED_BACK)
                    .with("repository", store.location())
                    .with("generation", number)
                    .with("used-before", opened.remembered()));
        }
    }

    /** One run of the search over what one listing gave; used by one subscriber. */
    private static final class Search {
        private final ObjectStore store;
        private final GenerationReader reader;
        private final GenerationSearch order;
        private final int remembered;
        private final int offered;
        private final List<GenerationProblem> problems = new ArrayList<>();
        private @Nullable Valid best;

        Search(ObjectStore store, GenerationReader reader, List<Integer> numbers, int remembered) {
            this.store = store;
            this.reader = reader;
            this.order = new GenerationSearch(
                    numbers.stream().mapToInt(Integer::intValue).toArray(), remembered);
            this.remembered = remembered;
            this.offered = numbers.size();
        }

        Mono<OpenedKeyset> run() {
            return Mono.defer(this::step)
                    .repeat(() -> order.hasNext())
                    .then(Mono.fromCallable(this::result))
                    .doOnError(failure -> discard())
                    .doOnCancel(this::discard);
        }

        private Mono<Reading> step() {
            OptionalInt number = order.next();
            if (number.isEmpty()) {
                return Mono.empty();
            }
            return reader.read(number.getAsInt()).doOnNext(reading -> take(number.getAsInt(), reading));
        }

        private void take(int number, Reading reading) {
            if (reading instanceof Valid valid) {
                discard();
                best = valid;
                order.found(number);
            } else if (reading instanceof Invalid invalid) {
                problems.add(invalid.problem());
            }
        }

        private OpenedKeyset result() {
            Valid found = best;
            if (found == null) {
                throw failure();
            }
            best = null;
            int number = found.generation().number();
            problems.removeIf(problem -> problem.number() < number);
            if (order.outOfReach() > 0) {
                problems.add(new GenerationProblem(
                        number + GenerationSearch.REACH + 1,
                        GenerationProblem.Kind.TOO_FAR,
                        order.outOfReach() + " generations are numbered more than " + GenerationSearch.REACH
                                + " above generation " + number + " and are not read"));
            }
            return new OpenedKeyset(found, problems, remembered);
        }

        private TidemarkException failure() {
            String where = "no keyset generation of " + store.location() + " can be used: ";
            if (offered == 0) {
                return new IntegrityFailed(
                        "no keyset generation lies in keys/ of " + store.location(),
                        "`tidemark init` copies them from another repository of the cluster, where there is one");
            }
            for (GenerationProblem problem : problems) {
                switch (problem.kind()) {
                    case ROOT_NOT_KNOWN -> {
                        return new UsageError(
                                where + problem,
                                "give the root from the recovery sheet with --root HEX or cluster.<name>.root; "
                                        + "--root unknown accepts any");
                    }
                    case OTHER_ROOT -> {
                        return new IntegrityFailed(
                                where + problem, "compare cluster.<name>.root with the recovery sheet");
                    }
                    case DAMAGED, OTHER_CLUSTER, NOT_A_RECIPIENT, OTHER_KEY, NOT_READABLE, TOO_FAR -> {}
                }
            }
            for (GenerationProblem problem : problems) {
                if (problem.kind() == GenerationProblem.Kind.OTHER_KEY
                        || problem.kind() == GenerationProblem.Kind.NOT_A_RECIPIENT) {
                    return new KeysFailed(
                            where + problem,
                            "is the key file the one of this cluster? `tidemark keys status` lists more");
                }
            }
            return new IntegrityFailed(where
                    + (problems.isEmpty()
                            ? "too many were tried"
                            : problems.get(0).toString()));
        }

        private void discard() {
            Valid unused = best;
            best = null;
            if (unused != null) {
                unused.close();
            }
        }
    }
}

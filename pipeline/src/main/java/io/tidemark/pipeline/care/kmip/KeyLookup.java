package io.tidemark.pipeline.care.kmip;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.AttributeName;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.message.attribute.GetAttributes;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Which keys there are, and which one is meant. Nothing here fetches a key. */
public final class KeyLookup {
    private static final int AT_ONCE = 4;

    private static final List<AttributeName> NAMES = Stream.of(
                    Tag.NAME,
                    Tag.OBJECT_TYPE,
                    Tag.STATE,
                    Tag.CRYPTOGRAPHIC_ALGORITHM,
                    Tag.CRYPTOGRAPHIC_LENGTH,
                    Tag.CRYPTOGRAPHIC_USAGE_MASK)
            .map(AttributeName::of)
            .toList();

    private final KmipService service;

    public KeyLookup(KmipService service) {
        this.service = service;
    }

    /**
     * What the server says of an object.
     *
     * @param names all that it has, with U+FFFD where their bytes are no UTF-8
     * @param type null where the server does not say, or says one that the specification does not have; likewise the others
     */
    public record Entry(
            UniqueIdentifier id,
            List<String> names,
            @Nullable ObjectType type,
            @Nullable State state,
            @Nullable CryptographicAlgorithm algorithm,
            @Nullable Integer bits,
            @Nullable UsageMask usage) {
        public Entry {
            names = List.copyOf(names);
        }

        static Entry of(UniqueIdentifier id, Attributes attributes) {
            OptionalInt bits = attributes.lengthBits();
            return new Entry(
                    id,
                    attributes.names(),
                    attributes.objectType().orElse(null),
                    attributes.state().orElse(null),
                    attributes.algorithm().orElse(null),
                    bits.isPresent() ? bits.getAsInt() : null,
                    attributes.usage().orElse(null));
        }
    }

    /**
     * Which key a person means.
     *
     * @param id null where it is the name that says it
     * @param name null where it is the identifier
     */
    public record Choice(
            @Nullable UniqueIdentifier id, @Nullable String name) {
        public Choice {
            if ((id == null) == (name == null)) {
                throw new IllegalArgumentException("either an identifier or a name");
            }
        }

        public static Choice byId(UniqueIdentifier id) {
            return new Choice(id, null);
        }

        public static Choice byName(String name) {
            return new Choice(null, name);
        }
    }

    /**
     * What is looked for; null for any.
     *
     * @param most how many may come back, 1 to 1000
     */
    public record Criteria(
            @Nullable String name,
            @Nullable State state,
            @Nullable ObjectType type,
            int most) {
        Attributes attributes() {
            Attributes all = Attributes.NONE;
            all = type == null ? all : all.with(Attribute.objectType(type));
            all = name == null ? all : all.with(Attribute.pgTdeName(name));
            return state == null ? all : all.with(Attribute.state(state));
        }
    }

    /** @param ours as whom we asked, for a person: keys of others look like none */
    public record Hits(List<Entry> entries, Completeness completeness, String ours) {
        /** Servers never say whether there is more than they were asked for. */
        public enum Completeness {
            ALL,
            PERHAPS_MORE
        }

        public Hits {
            entries = List.copyOf(entries);
        }
    }

    /** In the server's order, which means nothing. */
    public Mono<Hits> locate(Criteria criteria) {
        return service.ourName()
                .flatMap(ours -> service.ask(new Locate(criteria.attributes(), criteria.most(), 0, null))
                        .flatMap(ids -> Flux.fromIterable(ids)
                                .flatMapSequential(this::entry, AT_ONCE)
                                .collectList()
                                .map(entries -> new Hits(
                                        entries,
                                        ids.size() < criteria.most()
                                                ? Hits.Completeness.ALL
                                                : Hits.Completeness.PERHAPS_MORE,
                                        ours))));
    }

    /** The only one that is meant: none, and several, are failures. */
    public Mono<Entry> one(Choice choice) {
        UniqueIdentifier id = choice.id();
        String name = choice.name();
        return id != null ? entry(id) : named(name == null ? "" : name);
    }

    private Mono<Entry> named(String name) {
        return ids(name).flatMap(ids -> switch (ids.size()) {
            case 0 -> service.ourName().flatMap(ours -> Mono.error(absent(name, ours)));
            case 1 -> entry(ids.get(0)).doOnNext(entry -> requireName(entry, name));
            default -> Mono.error(ambiguous(name, ids));
        });
    }

    /** By name and type alone, for pg_tde's keys are in no state that one would look for. */
    Mono<List<UniqueIdentifier>> ids(String name) {
        return service.ask(Locate.pgTdeKey(name));
    }

    Mono<Entry> entry(UniqueIdentifier id) {
        return service.ask(new GetAttributes(id, NAMES))
                .map(attributes -> Entry.of(id, attributes))
                .onErrorMap(MalformedMessage.class, Failures::of);
    }

    private KeysFailed absent(String name, String ours) {
        return new KeysFailed(
                Reason.ABSENT,
                "no key is named \"" + name + "\" at provider " + service.provider() + " for " + ours,
                "names are compared letter by letter, and a key of another owner looks like none: see `tidemark kmip locate`",
                null);
    }

    private static KeysFailed ambiguous(String name, List<UniqueIdentifier> ids) {
        return new KeysFailed(
                Reason.AMBIGUOUS,
                (ids.size() < Locate.MOST ? "" : "at least ") + ids.size() + " keys are named \"" + name + "\": "
                        + String.join(
                                ", ",
                                ids.stream().map(UniqueIdentifier::toString).toList()),
                "say which one by its identifier; `tidemark kmip locate --name` shows them",
                null);
    }

    /** A server that finds what was not looked for shall not have that destroyed. */
    private static void requireName(Entry entry, String name) {
        if (!entry.names().contains(Attribute.pgTdeNameAsRead(name))) {
            throw new KeysFailed(
                    Reason.WRONG,
                    "the server found " + entry.id() + " for the name \"" + name + "\", and says that its names are "
                            + entry.names(),
                    null,
                    null);
        }
    }
}

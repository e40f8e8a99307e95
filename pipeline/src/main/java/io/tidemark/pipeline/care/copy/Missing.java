package io.tidemark.pipeline.care.copy;

import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoredObject;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** What one store lists and the other does not, or lists with another length: two sorted streams, merged, whatever their number. */
final class Missing {
    private static final int PREFETCH = 256;

    private Missing() {}

    /** In the order of names, read on demand; errors are the stores'. */
    static Flux<StoredObject> of(ObjectStore from, ObjectStore to, String prefix) {
        return Flux.mergeComparing(
                        PREFETCH,
                        Comparator.comparing(Seen::name),
                        from.list(prefix).map(object -> new Seen(object, Side.FROM)),
                        to.list(prefix).map(object -> new Seen(object, Side.TO)))
                .bufferUntilChanged(Seen::name)
                .mapNotNull(Missing::lacking);
    }

    private static @Nullable StoredObject lacking(List<Seen> same) {
        Seen first = same.get(0);
        boolean both = same.size() > 1;
        if (both && first.object().sizeBytes() == same.get(1).object().sizeBytes()) {
            return null;
        }
        return same.stream()
                .filter(seen -> seen.side() == Side.FROM)
                .map(Seen::object)
                .findFirst()
                .orElse(null);
    }

    private enum Side {
        FROM,
        TO
    }

    private record Seen(StoredObject object, Side side) {
        ObjectName name() {
            return object.name();
        }
    }
}

package io.tidemark.pipeline.care.copy;

import io.tidemark.pipeline.catalog.CatalogName;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.Intent;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import reactor.core.publisher.Mono;

/**
 * Says in the target that a backup's packs are on their way, before the first of them and again from time to time: without it
 * they would be an interrupted backup's to whoever cleans up. The source's own intents are not copied: they say that a backup
 * is running there.
 */
final class CopyIntent {
    private static final Duration RENEWAL = Duration.ofMinutes(30);
    /** As long as a backup's own. */
    private static final Duration DEADLINE = Duration.ofHours(6);

    private final Route route;
    private final SystemIdentifier system;
    private final ManifestLine.Header header;
    private volatile Instant renewal = Instant.MIN;

    CopyIntent(Route route, SystemIdentifier system, ManifestLine.Header header) {
        this.route = route;
        this.system = system;
        this.header = header;
    }

    /** Puts an intent if this run has none yet, or its last one is old. */
    Mono<Void> keep() {
        return Mono.defer(() -> {
            Instant now = route.clock().instant();
            if (now.isBefore(renewal)) {
                return Mono.empty();
            }
            renewal = now.plus(RENEWAL);
            return highest().flatMap(last -> put(last + 1, now));
        });
    }

    private Mono<Integer> highest() {
        return route.to()
                .store()
                .list(ObjectNames.intentPrefix(system, header.label()))
                .mapNotNull(object -> ObjectNames.parse(object.name()).orElse(null))
                .ofType(CatalogName.Intent.class)
                .map(CatalogName.Intent::number)
                .reduce(0, Math::max);
    }

    private Mono<Void> put(int number, Instant now) {
        Intent intent = new Intent(
                header.label(), number, header.backup(), header.parent(), header.node(), now, now.plus(DEADLINE), null);
        SealedBody body = SealedBody.ofBytes(
                ByteBuffer.wrap(intent.write()),
                digest -> Facts.of("intent", digest, now, route.tool())
                        .with("label", intent.label().value())
                        .with("number", number),
                route.compress());
        return route.to()
                .objects()
                .put(ObjectNames.intent(system, header.label(), number), body)
                .flatMap(receipt -> receipt instanceof PutReceipt.Foreign foreign
                        ? Mono.<Void>error(new IntegrityFailed(receipt.name() + " in " + route.to()
                                + " is held by a foreign object: " + foreign.why()))
                        // another run's, begun at this moment, is as good as ours
                        : Mono.empty());
    }
}

package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupKind;
import io.tidemark.pipeline.catalog.manifest.Intent;
import io.tidemark.pipeline.stage.Compress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Says in every repository, before the first pack and again from time to time, that this backup is running. */
final class Intents {
    /** An intent is renewed when it is this old, at the next pack or while WAL is waited for. */
    static final Duration RENEWAL = Duration.ofMinutes(30);
    /** docs/FORMAT.md section 5 asks for at least an hour after the last renewal. */
    static final Duration DEADLINE = Duration.ofHours(6);

    private final TargetSet targets;
    private final SystemIdentifier system;
    private final BackupLabel label;
    private final Node node;
    private final String tool;
    private final Clock clock;
    private final Compress compress;
    // one thread at a time: packs are put one after the other
    private @Nullable Intent last;
    private Instant renewal = Instant.MIN;

    Intents(
            TargetSet targets,
            SystemIdentifier system,
            BackupLabel label,
            Node node,
            BackupSettings settings,
            Clock clock,
            Scheduler cpu) {
        this.targets = targets;
        this.system = system;
        this.label = label;
        this.node = node;
        this.tool = settings.tool();
        this.clock = clock;
        this.compress = new Compress(settings.level(), cpu);
    }

    /** Puts an intent if there is none yet, or the last one is old. */
    Mono<Void> keep() {
        return Mono.defer(() -> {
            Instant now = clock.instant();
            if (now.isBefore(renewal)) {
                return Mono.empty();
            }
            renewal = now.plus(RENEWAL);
            Intent next = last == null ? first(now) : last.renewed(now.plus(DEADLINE));
            last = next;
            return put(next, now);
        });
    }

    private Intent first(Instant now) {
        return new Intent(label, 1, BackupKind.FULL, null, node, now, now.plus(DEADLINE), null);
    }

    private Mono<Void> put(Intent intent, Instant now) {
        byte[] content = intent.write();
        SealedBody body = SealedBody.ofBytes(
                ByteBuffer.wrap(content),
                digest -> Facts.of("intent", digest, now, tool)
                        .with("label", intent.label().value())
                        .with("number", intent.number()),
                compress);
        return targets.put(ObjectNames.intent(system, intent.label(), intent.number()), body, TargetSet::requireOurs);
    }
}

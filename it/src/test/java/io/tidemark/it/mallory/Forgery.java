package io.tidemark.it.mallory;

import static java.util.Objects.requireNonNull;

import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.RecoveryPublicKey;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.keys.GenerationMaker;
import io.tidemark.pipeline.keys.RecipientChoice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import reactor.core.scheduler.Schedulers;

/** What Mallory can make without a key: HPKE needs the recipient's public half only. */
final class Forgery {
    private Forgery() {}

    /** A generation 2 of the root's own cluster that opens by the recovery key, with a keyset of Mallory's choice. */
    static void generation(Path recoveryPublicKey, Path root, Path to) throws IOException {
        RepositoryMarker marker =
                RepositoryMarker.parse(ByteBuffer.wrap(Files.readAllBytes(root.resolve("tidemark.json"))));
        RecoveryPublicKey key = RecoveryPublicKey.parsePem(Files.readString(recoveryPublicKey));
        try (SealingKeyset mallorys = SealingKeyset.create()) {
            Generation forged = requireNonNull(new GenerationMaker(
                            List.of(new RecipientChoice.OfRecovery("recovery", key)),
                            Clock.systemUTC(),
                            Schedulers.immediate())
                    .make(mallorys, marker.cluster(), 2)
                    .block());
            Files.write(to, forged.toJson());
        }
    }
}

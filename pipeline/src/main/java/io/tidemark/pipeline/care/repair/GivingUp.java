package io.tidemark.pipeline.care.repair;

import com.google.gson.JsonArray;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.PutReceipt;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.BackupKind;
import io.tidemark.pipeline.catalog.manifest.FrameStart;
import io.tidemark.pipeline.catalog.manifest.ManifestFrames;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLineWriter;
import io.tidemark.pipeline.catalog.manifest.ManifestWriter;
import io.tidemark.pipeline.stage.Compress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import reactor.core.publisher.Mono;

/** Puts the manifest that says that there will be no backup of a label: whoever puts the manifest decides. */
record GivingUp(Compress compress, String tool, Clock clock) {

    /** Whether the label is given up now: false where somebody else's manifest was first, which is then the backup. */
    Mono<Boolean> of(Repository repository, SystemIdentifier system, BackupLabel label, Node node) {
        ManifestWriter writer = new ManifestWriter();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(writer.line(new ManifestLine.Abandoned(label, node)));
        text.writeBytes(ManifestLineWriter.write(writer.footer()));
        JsonArray frames = new ManifestFrames(List.of(new FrameStart(0, null))).json();
        SealedBody body = SealedBody.ofBytes(
                ByteBuffer.wrap(text.toByteArray()),
                digest -> Facts.of("manifest", digest, clock.instant(), tool)
                        .with("label", label.value())
                        .with("backup", BackupKind.ABANDONED.toString())
                        .with("node", node.toString())
                        .with("frames", frames),
                compress);
        return repository
                .objects()
                .put(ObjectNames.manifest(system, label), body)
                // the same text already there is another repair's
                .map(receipt -> receipt instanceof PutReceipt.Stored || receipt instanceof PutReceipt.AlreadyStored);
    }
}

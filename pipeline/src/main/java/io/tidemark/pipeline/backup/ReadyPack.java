package io.tidemark.pipeline.backup;

import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.stage.FactsFrame;
import java.nio.charset.StandardCharsets;

/** A pack that is whole: chunks, index and facts. Whoever has it releases it. */
final class ReadyPack {
    private final int number;
    private final PackBuffer buffer;
    private final Facts facts;

    ReadyPack(int number, PackBuffer buffer, Facts facts) {
        this.number = number;
        this.buffer = buffer;
        this.facts = facts;
    }

    int number() {
        return number;
    }

    /** The content, to be sealed as often as needed; always the same bytes. */
    SealedBody body() {
        return SealedBody.ofFrames(buffer::bytes, () -> facts);
    }

    /** Of the sealed object, in bytes. */
    long objectLength() {
        int json = facts.toJson().getBytes(StandardCharsets.UTF_8).length;
        return SealGeometry.sealedLength(buffer.length() + FactsFrame.HEADER_BYTES + json + FactsFrame.FOOTER_BYTES);
    }

    void release() {
        buffer.release();
    }
}

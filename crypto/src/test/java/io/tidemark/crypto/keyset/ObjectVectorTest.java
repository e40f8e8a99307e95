package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tidemark.crypto.Vectors;
import io.tidemark.crypto.seal.SealContext;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.crypto.seal.SealHeader;
import io.tidemark.crypto.seal.SegmentPosition;
import io.tidemark.crypto.seal.Unsealer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** A whole WAL object made by Python's tink and zstandard: sealed under its real name, with facts and footer. */
class ObjectVectorTest {
    private static final JsonObject VECTOR = Vectors.all().getAsJsonObject("object");

    private final SealingKeyset keyset =
            SealingKeyset.parse(Vectors.text("keyset_json").getBytes(UTF_8));

    @Test
    void object_unsealedByTheKeyset_isItsFileWithFactsAndFooter() throws Exception {
        byte[] content = unseal(Vectors.file(VECTOR.get("file").getAsString()));
        ByteBuffer footer = ByteBuffer.wrap(content, content.length - 16, 16).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(footer.getInt()).isEqualTo(0x184D2A55);
        assertThat(footer.getInt()).isEqualTo(8);
        footer.get(new byte[4]);
        int factsLength = footer.getInt();
        int factsAt = content.length - 16 - factsLength;
        ByteBuffer facts = ByteBuffer.wrap(content, factsAt - 8, 8).order(ByteOrder.LITTLE_ENDIAN);

        byte[] file = new byte[VECTOR.getAsJsonObject("facts").get("size").getAsInt()];
        long size = Zstd.decompressByteArray(file, 0, file.length, content, 0, factsAt - 8);

        assertThat(facts.getInt()).isEqualTo(0x184D2A54);
        assertThat(facts.getInt()).isEqualTo(factsLength);
        assertThat(JsonParser.parseString(new String(content, factsAt, factsLength, UTF_8)))
                .isEqualTo(VECTOR.get("facts"));
        assertThat(size).isEqualTo(file.length);
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)))
                .isEqualTo(VECTOR.get("file_sha256").getAsString());
        assertThat(keyset.derive(Vectors.cluster())
                        .newNameDigest()
                        .update(ByteBuffer.wrap(file))
                        .first16Hex())
                .isEqualTo(VECTOR.get("digest_for_names").getAsString());
    }

    private byte[] unseal(byte[] sealed) {
        SealContext context =
                new SealContext(Vectors.cluster(), VECTOR.get("name").getAsString());
        ByteBuffer rest = ByteBuffer.wrap(sealed);
        Unsealer unsealer = new Unsealer(keyset.primary(), context, SealHeader.parse(rest));
        ByteBuffer content = ByteBuffer.allocate((int) SealGeometry.plainLength(sealed.length));
        // 5 036 bytes: one segment
        unsealer.open(0, SegmentPosition.LAST, rest, content);
        return Arrays.copyOf(content.array(), content.position());
    }
}

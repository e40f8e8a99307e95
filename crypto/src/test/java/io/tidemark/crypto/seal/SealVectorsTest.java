package io.tidemark.crypto.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.tidemark.crypto.Vectors;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SealVectorsTest {
    static Stream<JsonObject> sealed() {
        return Vectors.all().getAsJsonArray("sealed").asList().stream().map(element -> element.getAsJsonObject());
    }

    @ParameterizedTest
    @MethodSource("sealed")
    void open_objectMadeByPythonTink_givesItsContent(JsonObject vector) throws Exception {
        byte[] sealed = Vectors.file(vector.get("file").getAsString());
        SealContext context =
                new SealContext(Vectors.cluster(), vector.get("name").getAsString());

        byte[] plain = WholeObject.open(SealingKey.of(1, Vectors.key()), context, sealed);

        assertThat(sealed).hasSize(vector.get("sealed_length").getAsInt());
        assertThat(plain).isEqualTo(Vectors.patterned(plain.length));
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plain)))
                .isEqualTo(vector.get("plaintext_sha256").getAsString());
        assertThat(SealGeometry.sealedLength(plain.length)).isEqualTo(sealed.length);
        assertThat(SealGeometry.plainLength(sealed.length)).isEqualTo(plain.length);
    }

    @ParameterizedTest
    @MethodSource("sealed")
    void header_ofAnObject_isItsFirstForty(JsonObject vector) {
        byte[] sealed = Vectors.file(vector.get("file").getAsString());

        SealHeader header = SealHeader.parse(ByteBuffer.wrap(sealed));

        assertThat(header.bytes()).isEqualTo(ByteBuffer.wrap(sealed, 0, 40));
    }
}

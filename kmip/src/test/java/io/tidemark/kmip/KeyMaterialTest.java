package io.tidemark.kmip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class KeyMaterialTest {
    private static final byte[] KEY = HexFormat.of().parseHex("8f1de43a5b60c2779aa4d1e6f3b80512");

    @Test
    void toString_ofAKey_saysItsLengthOnly() {
        try (KeyMaterial key = KeyMaterial.copyOf(KEY)) {
            assertThat(key).hasToString("KeyMaterial[16]");
            assertThat(key.hashCode()).isEqualTo(16);
        }
    }

    @Test
    void close_ofOneHolder_wipesItsBytesAndNobodyElses() {
        KeyMaterial key = KeyMaterial.copyOf(KEY);
        KeyMaterial other = key.duplicate();

        key.close();
        key.close();

        assertThatThrownBy(key::insecureCopy).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(key::duplicate).isInstanceOf(IllegalStateException.class);
        assertThat(other.insecureCopy()).isEqualTo(KEY);
        assertThat(key).isNotEqualTo(other).isEqualTo(key);
        other.close();
    }

    @Test
    void equals_ofTwoHolders_comparesTheBytes() {
        byte[] changed = KEY.clone();
        changed[15] ^= 1;

        assertThat(KeyMaterial.copyOf(KEY))
                .isEqualTo(KeyMaterial.copyOf(KEY))
                .isNotEqualTo(KeyMaterial.copyOf(changed))
                .isNotEqualTo(null);
    }

    @Test
    void readAndWipe_ofABuffer_leavesZerosWhereTheKeyWas() {
        ByteBuf in = Unpooled.buffer();
        in.writeByte(1).writeBytes(KEY).writeByte(2);
        in.readByte();

        KeyMaterial key = KeyMaterial.readAndWipe(in, KEY.length);

        assertThat(key.insecureCopy()).isEqualTo(KEY);
        assertThat(in.readByte()).isEqualTo((byte) 2);
        byte[] left = new byte[KEY.length];
        in.getBytes(1, left);
        assertThat(left).containsOnly(0);
        in.release();
    }

    @Test
    void insecureWriteTo_aBuffer_appendsTheBytes() {
        ByteBuf out = Unpooled.buffer();

        KeyMaterial.copyOf(KEY).insecureWriteTo(out);

        byte[] written = new byte[out.readableBytes()];
        out.readBytes(written);
        assertThat(written).isEqualTo(KEY);
        out.release();
    }
}

package io.tidemark.pipeline.wal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WalFileNameTest {
    @Test
    void parse_ofEachForm_isPrintedAsItWas() {
        for (String name : new String[] {
            "000000010000000000000001",
            "FFFFFFFFFFFFFFFFFFFFFFFF",
            "00000002000000A1000000FF.partial",
            "00000001000000000000000F.00000028.backup",
            "0000000A.history"
        }) {
            assertThat(WalFileName.parse(name))
                    .as(name)
                    .hasValueSatisfying(parsed -> assertThat(parsed.toString()).isEqualTo(name));
        }
    }

    @Test
    void t22_t118_anythingElse_isNoName() {
        for (String name : new String[] {
            "",
            ".",
            "..",
            "%p",
            "000000010000000000000001 ",
            " 000000010000000000000001",
            "00000001000000000000000",
            "0000000100000000000000011",
            "00000001000000000000000a",
            "000000000000000000000001",
            "00000000.history",
            "000000010000000000000001\n",
            "000000010000000000000001.PARTIAL",
            "000000010000000000000001.partial.partial",
            "000000010000000000000001.0000028.backup",
            "000000010000000000000001.00000028",
            "00000001.history.tmp",
            "'000000010000000000000001'",
            "\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0661.history",
            "00000001000000000000000\u00df"
        }) {
            assertThat(WalFileName.parse(name)).as(name).isEmpty();
        }
    }
}

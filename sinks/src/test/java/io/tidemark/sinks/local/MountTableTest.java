package io.tidemark.sinks.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MountTableTest {

    private static final String TABLE = """
            sysfs /sys sysfs rw,nosuid,nodev,noexec,relatime 0 0
            /dev/sda1 / ext4 rw,relatime,errors=remount-ro 0 0
            filer:/soft /backup/soft nfs4 rw,relatime,vers=4.2,soft,proto=tcp,timeo=600 0 0
            filer:/hard /backup/hard nfs rw,relatime,vers=3,hard,proto=tcp 0 0
            filer:/err /backup/softerr nfs4 rw,softerr 0 0
            filer:/with\\040blank /backup/with\\040blank nfs4 rw,soft 0 0
            server:/x /backup/soft/local ext4 rw 0 0
            """;

    @ParameterizedTest
    @CsvSource({
        "/backup/soft,soft",
        "/backup/soft/prod,soft",
        "/backup/softerr/prod,softerr",
        "/backup/with blank/x,soft"
    })
    void t110_aSoftNfsMount_isObjectedTo(String path, String option) {
        assertThat(MountTable.parse(TABLE).of(path).orElseThrow().objection())
                .hasValueSatisfying(why -> assertThat(why).contains("option " + option + ","));
    }

    @ParameterizedTest
    @CsvSource({"/backup/hard", "/backup/hard/prod", "/backup/softly", "/backup", "/", "/backup/soft/local/prod"})
    void t110_aHardNfsMountOrALocalOne_isNot(String path) {
        assertThat(MountTable.parse(TABLE).of(path).orElseThrow().objection()).isEmpty();
    }

    @Test
    void t110_theOptionOfAnotherFileSystem_isNotNfs() {
        MountTable table = MountTable.parse("//server/share /backup cifs rw,soft 0 0\n");

        assertThat(table.of("/backup").orElseThrow().objection()).isEmpty();
    }

    @Test
    void t110_ofTwoMountsOnOneDirectory_theLaterCounts() {
        String soft = "filer:/a /backup nfs4 rw,soft 0 0\n";
        String hard = "filer:/b /backup nfs4 rw,hard 0 0\n";

        assertThat(MountTable.parse(soft + hard).of("/backup/x").orElseThrow().objection())
                .isEmpty();
        assertThat(MountTable.parse(hard + soft).of("/backup/x").orElseThrow().objection())
                .isPresent();
    }

    @Test
    void parse_ofNothingOrNonsense_knowsNoMount() {
        assertThat(MountTable.parse("").of("/backup")).isEmpty();
        assertThat(MountTable.parse("one two\n\n").of("/backup")).isEmpty();
    }

    @Test
    void parse_ofEscapes_givesTheNameBack() {
        MountTable table = MountTable.parse("x /a\\011b\\134c\\303\\251 ext4 rw 0 0");

        assertThat(table.of("/a\tb\\cé/d")).isPresent();
    }
}

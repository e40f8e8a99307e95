package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.tidemark.pipeline.cli.BenchUnderTest.Ended;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KmipDecodeCommandTest {
    private static final String KEY = "00112233445566778899aabbccddeeff";

    /** A key block with a key of 16 bytes. */
    private static final String MESSAGE =
            "420040010000003042004205000000040000000100000000" + "42004501000000184200430800000010" + KEY;

    private static final String TREE = """
            KeyBlock
              KeyFormatType Enumeration Raw
              KeyValue
                KeyMaterial ByteString (16 bytes)
            """;

    @TempDir
    Path directory;

    private BenchUnderTest bench;

    @BeforeEach
    void open() {
        bench = new BenchUnderTest(directory);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void message_inAnyForm_isTheSameTree() throws IOException {
        byte[] bytes = HexFormat.of().parseHex(MESSAGE);
        Files.write(directory.resolve("raw"), bytes);
        Files.writeString(directory.resolve("hex.txt"), "0x" + MESSAGE.replaceAll("(.{32})", "$1\n") + "\n");
        Files.write(
                directory.resolve("b64"),
                Base64.getMimeEncoder(20, new byte[] {'\n'}).encode(bytes));

        for (String given : List.of(
                MESSAGE,
                "0x" + MESSAGE,
                MESSAGE.replaceAll("(..)(?=.)", "$1:"),
                MESSAGE.replaceAll("(.{8})", "$1 "),
                Base64.getEncoder().encodeToString(bytes),
                "raw",
                "hex.txt",
                "b64",
                directory.resolve("raw").toString())) {
            Ended ended = bench.run("kmip", "decode", given);

            assertThat(ended).as(given).isEqualTo(new Ended(ExitCode.DONE, TREE, ""));
        }
        assertThat(bench.run("kmip", "decode", MESSAGE.substring(0, 10), MESSAGE.substring(10))
                        .out())
                .as("words that the shell has parted")
                .isEqualTo(TREE);
    }

    @Test
    void standardInput_isReadWhereNothingOrADashIsGiven() {
        for (String[] args :
                new String[][] {{"kmip", "decode"}, {"kmip", "decode", "-"}, {"kmip", "decode", "--", "-"}}) {
            KmipDecodeCommand command = (KmipDecodeCommand) Commands.parse(args).verb();
            command.input = new ByteArrayInputStream(MESSAGE.getBytes(StandardCharsets.US_ASCII));

            assertThat(command.run(bench).block()).isEqualTo(ExitCode.DONE);
        }
        assertThat(bench.said()).isEqualTo(TREE.repeat(3));
    }

    @Test
    void reencode_printsTheBytesAndNothingElse_andRefusesWhatIsNotCanonical() {
        assertThat(bench.run("kmip", "decode", "--reencode", MESSAGE))
                .isEqualTo(new Ended(ExitCode.DONE, MESSAGE + "\n", ""));

        Ended refused = bench.run("kmip", "decode", "--reencode", "420094070000000161000000000000FF");

        assertThat(refused.code()).isEqualTo(ExitCode.INTEGRITY);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("they differ from offset 15 on", "HINT: ");
    }

    @Test
    void json_isOneObject_withTheBytesWhereTheyAreAskedFor() {
        String json = bench.run("kmip", "decode", "--json", MESSAGE).out();

        assertThat(json.strip()).doesNotContain("\n", KEY).contains("\"hidden\":true,\"bytes\":16");
        assertThat(JsonParser.parseString(json).getAsJsonObject().get("tag").getAsString())
                .isEqualTo("KeyBlock");

        var both = JsonParser.parseString(bench.run("kmip", "decode", "--json", "--reencode", MESSAGE)
                        .out())
                .getAsJsonObject();
        assertThat(both.get("hex").getAsString()).isEqualTo(MESSAGE);
        assertThat(both.get("message")).isEqualTo(JsonParser.parseString(json));
    }

    @Test
    void whatIsNoTtlv_endsInFourWithTheOffset() {
        Ended ended = bench.run("kmip", "decode", MESSAGE.substring(0, MESSAGE.length() - 2));

        assertThat(ended.code()).isEqualTo(ExitCode.INTEGRITY);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("no valid TTLV: KeyBlock at offset 0 announces 48 bytes, and 47 are left");
        assertThat(bench.run("kmip", "decode", "48656c6c6f2c20776f726c6421").code())
                .isEqualTo(ExitCode.INTEGRITY);
    }

    @Test
    void whatIsNoMessageAndNoFile_isAnErrorOfUse_thatDoesNotRepeatIt() {
        for (String given : List.of("answer.bin", "message", "nul\0", KEY.replace('0', 'z'), directory.toString())) {
            Ended ended = bench.run("kmip", "decode", given);

            assertThat(ended.code()).as(given).isEqualTo(ExitCode.USAGE);
            assertThat(ended.err()).as(given).startsWith("tidemark: kmip decode: ");
        }
        assertThat(bench.run("kmip", "decode", KEY.replace('0', 'z')).err()).doesNotContain("22334455");
    }

    @Test
    void help_saysThatReencodingShowsKeys() {
        String help = bench.run("kmip", "decode", "--help").out();

        assertThat(help.replaceAll("\\s+", " ")).contains("those of keys too", "HEX|FILE|-");
    }
}

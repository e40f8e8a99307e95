package io.tidemark.it.recover;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.tidemark.crypto.KeyAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our objects are Tink objects and our keyset is a Tink keyset: Google's own Python tink opens them. */
class TinkPeerTest {
    private static Python python;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void tink() {
        python = Python.withTink();
    }

    @Test
    void object_ofEveryBorder_opensInGooglesTink() {
        TestRoot root = new TestRoot(temporary);
        Path keyset = TestRoot.write(
                temporary.resolve("keyset.json"), root.keyset().json().copy(KeyAccess.insecure()));
        List<Object> arguments = new ArrayList<>(List.of(keyset, root.directory(), TestRoot.CLUSTER));
        StringBuilder expected = new StringBuilder();
        for (int length : new int[] {0, 1, 65_480, 65_481, 131_000, 131_001, 300_000}) {
            byte[] content = new byte[length];
            new Random(length).nextBytes(content);
            String name = "7710/stream/" + length;
            root.putContent(name, content);
            arguments.add(name);
            expected.append(TestRoot.sha256(content)).append(' ').append(name).append('\n');
        }

        Python.Outcome outcome = python.script("open_with_tink.py", arguments.toArray());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(new String(outcome.bytes(), UTF_8)).isEqualTo(expected.toString());
    }

    @Test
    void object_underAnotherName_doesNotOpenThereEither() {
        TestRoot root = new TestRoot(temporary);
        Path keyset = TestRoot.write(
                temporary.resolve("keyset.json"), root.keyset().json().copy(KeyAccess.insecure()));
        JsonObject facts = TestRoot.facts("wal", new byte[0]);
        root.putContent("a/one", TestRoot.content(TestRoot.frames(new byte[0]), facts));
        TestRoot.write(root.object("a/two"), TestRoot.read(root.object("a/one")));

        Python.Outcome outcome =
                python.script("open_with_tink.py", keyset, root.directory(), TestRoot.CLUSTER, "a/two");

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.err()).contains("TinkError");
    }
}

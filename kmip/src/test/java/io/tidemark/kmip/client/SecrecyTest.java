package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.operation.Register;
import io.tidemark.kmip.testing.Reply;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys stay out of logs, messages and exceptions, whatever is switched on and whatever goes wrong. */
final class SecrecyTest {
    private final List<String> logged = new CopyOnWriteArrayList<>();

    /** Everything that is logged in this process by java.util.logging, which is what Netty takes where there is nothing else. */
    private final class Everything extends Handler {
        @Override
        public void publish(LogRecord record) {
            logged.add(record.getMessage() + Arrays.toString(record.getParameters()) + record.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void noLogAtAnyLevel_andNoFailure_holdsAByteOfAKey(@TempDir Path directory) {
        Logger root = Logger.getLogger("");
        Level before = root.getLevel();
        Handler everything = new Everything();
        root.setLevel(Level.ALL);
        root.addHandler(everything);
        try (Lab lab = new Lab(directory);
                KeyMaterial key = KeyMaterial.copyOf(Lab.KEY)) {
            KmipClient client = lab.client();
            lab.hasKey(client);
            Lab.answer(client.ask(Register.aes(key, UsageMask.ENCRYPT, "brought")));
            lab.kms.distort(Operation.GET, Reply::withOtherItemIds);
            seen(Lab.failure(client.ask(lab.get)));
            lab.kms.distort(Operation.GET, PlainAnswers.claiming(256));
            seen(Lab.failure(client.ask(lab.get)));
            lab.kms.distort(Operation.REGISTER, reply -> reply.cutAt(20));
            seen(Lab.failure(client.ask(Register.aes(key, UsageMask.ENCRYPT, "brought"))));
            logged.add(lab.get + " " + client);
        } finally {
            root.removeHandler(everything);
            root.setLevel(before);
        }

        String hex = HexFormat.of().formatHex(Lab.KEY);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(Lab.KEY);
        assertThat(logged).hasSizeGreaterThan(4).allSatisfy(line -> {
            assertThat(line.toLowerCase(Locale.ROOT))
                    .doesNotContain(hex.substring(0, 16))
                    .doesNotContain(hex.substring(16));
            assertThat(line).doesNotContain(base64).doesNotContain(Arrays.toString(Lab.KEY));
        });
    }

    private void seen(Throwable failure) {
        for (Throwable next = failure; next != null; next = next.getCause()) {
            logged.add(next.toString());
        }
    }
}

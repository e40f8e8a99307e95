package io.tidemark.it.kmip;

import static io.tidemark.it.kmip.Clients.now;
import static io.tidemark.it.kmip.Clients.refusal;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.message.Bytes;
import io.tidemark.kmip.message.attribute.GetAttributes;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.Activate;
import io.tidemark.kmip.message.operation.Create;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.message.operation.Register;
import io.tidemark.kmip.message.operation.Revoke;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.io.TempDir;

/** One key server a class, its clients, and what tests of keys do again and again. Each test makes keys of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KmsFixture {
    static final UsageMask SEALING = UsageMask.ENCRYPT.and(UsageMask.DECRYPT);

    /** What pg_tde registers is made outside the server, from these bytes among others. */
    static final byte[] SIXTEEN = "a key of a test ".getBytes(StandardCharsets.US_ASCII);

    final Clients clients = new Clients();
    KmsServer server;
    KmipClient alice;
    KmipClient bob;
    private int names;

    @RegisterExtension
    final TestExecutionExceptionHandler words = (context, failure) -> {
        System.out.println(server.name() + " said before " + context.getDisplayName() + " failed\n" + server.lastLog());
        throw failure;
    };

    /** Aborts the class where the server cannot be had. */
    abstract KmsServer started(Path directory);

    @BeforeAll
    final void start(@TempDir Path directory) {
        server = started(directory);
        alice = clients.of(server, "alice");
        bob = clients.of(server, "bob");
    }

    @AfterAll
    final void stop() {
        clients.close();
        if (server != null) {
            server.close();
        }
    }

    /** A name that no other test uses. */
    final String newName() {
        names++;
        return "key " + names + " of " + getClass().getSimpleName();
    }

    final UniqueIdentifier registered(String name) {
        try (KeyMaterial key = KeyMaterial.copyOf(SIXTEEN)) {
            return now(alice.ask(Register.aes(key, SEALING, name)));
        }
    }

    final UniqueIdentifier created(UsageMask usage) {
        return now(alice.ask(Create.aes(256, usage, newName())));
    }

    final UniqueIdentifier activated(UsageMask usage) {
        return now(alice.ask(new Activate(created(usage))));
    }

    final UniqueIdentifier revoked(UniqueIdentifier id, Revoke.Reason reason) {
        return now(alice.ask(Revoke.because(id, reason)));
    }

    final State state(UniqueIdentifier id) {
        return now(alice.ask(new GetAttributes(id, List.of()))).state().orElseThrow();
    }

    /** The key as it comes in clear. */
    final KeyMaterial key(UniqueIdentifier id) {
        try (ManagedObject object = now(alice.ask(Get.of(id)))) {
            return object.key().material().duplicate();
        }
    }

    final KmipException refusedGet(KmipClient client, UniqueIdentifier id) {
        return refusal(client.ask(Get.of(id)));
    }

    static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}

package io.tidemark.crypto.tde.fuzz;

import io.tidemark.crypto.CryptoException;
import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.tde.keys.KeyFileVersion;
import io.tidemark.crypto.tde.keys.KeyRing;
import io.tidemark.crypto.tde.keys.ProviderFile;
import io.tidemark.crypto.tde.keys.RelationKeyFile;
import io.tidemark.crypto.tde.keys.WalKeyFile;
import io.tidemark.crypto.tde.wal.WalRangeTable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * What a fuzzer calls with bytes: whatever they are, as any of pg_tde's files they end in a typed error with an offset within the file, or in a
 * value that writes itself as the same bytes. Any other exception is a finding.
 *
 * <p>{@code mvn -Pfuzz -pl crypto -am verify -DskipTests} runs it under Jazzer; without it, as a test, on servers' files and their like.
 */
public final class KeyFileTarget {
    private KeyFileTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        ended(input, KeyFileTarget::relationKeys);
        ended(input, KeyFileTarget::walKeys);
        ended(input, KeyFileTarget::providers);
        ended(
                input,
                content -> require(
                        Arrays.equals(
                                KeyFileVersion.Marker.read(ByteBuffer.wrap(content))
                                        .content(),
                                content),
                        "another marker"));
        ended(input, KeyFileTarget::keyRing);
    }

    private static void ended(byte[] input, Consumer<byte[]> reading) {
        try {
            reading.accept(input);
        } catch (DamagedTdeFile expected) {
            require(expected.offset() >= 0 && expected.offset() <= input.length, "damage outside of the file");
        } catch (CryptoException expected) {
            require(!expected.isTransient(), "worth a retry");
        }
    }

    private static void relationKeys(byte[] content) {
        RelationKeyFile file = RelationKeyFile.read(ByteBuffer.wrap(content));
        require(Arrays.equals(file.content(), content), "another file of relations' keys");
        for (RelationKeyFile.Entry entry : file.entries()) {
            require(file.find(entry.tablespace(), entry.relation()).isPresent(), "an entry that is not found");
            require(entry.fingerprint().length() == 64, "no fingerprint");
        }
        byte[] longer = Arrays.copyOf(content, content.length + (content.length == 0 ? 0 : 1));
        require(
                Arrays.equals(
                        RelationKeyFile.readAsServer(ByteBuffer.wrap(longer)).content(), content),
                "a fragment counts");
        unwrap(() -> file.unwrap(file.entries().get(0), key()), file.entries().isEmpty());
    }

    private static void walKeys(byte[] content) {
        WalKeyFile file = WalKeyFile.read(ByteBuffer.wrap(content));
        require(Arrays.equals(file.content(), content), "another file of the WAL's keys");
        WalRangeTable table = WalRangeTable.locked(file);
        for (int i = 1; i < table.ranges().size(); i++) {
            require(
                    table.ranges()
                                    .get(i - 1)
                                    .start()
                                    .compareTo(table.ranges().get(i).start())
                            < 0,
                    "ranges that do not ascend");
        }
        unwrap(() -> file.unwrap(file.entries().get(0), key()), file.entries().isEmpty());
    }

    private static void unwrap(Runnable unwrapping, boolean nothingToUnwrap) {
        if (nothingToUnwrap) {
            return;
        }
        try {
            unwrapping.run();
        } catch (CryptoException expected) {
            return;
        }
        throw new IllegalStateException("a key that signed nothing opens an entry");
    }

    private static SecretBytes key() {
        return SecretBytes.copyOf(new byte[16]);
    }

    private static void providers(byte[] content) {
        ProviderFile file = ProviderFile.read(ByteBuffer.wrap(content));
        require(Arrays.equals(file.content(), content), "another file of providers");
        for (ProviderFile.Provider provider : file.providers()) {
            try {
                require(
                        file.with(provider)
                                .provider(provider.id())
                                .orElseThrow()
                                .options()
                                .equals(provider.options()),
                        "options that are others when they were written");
            } catch (IllegalArgumentException expected) {
                // a name that was no UTF-8, or options that fill their field, may not fit when they are written again
                continue;
            }
        }
    }

    private static void keyRing(byte[] content) {
        try (KeyRing ring = KeyRing.read(content)) {
            ring.entries()
                    .forEach(entry -> require(
                            entry.key().copy(KeyAccess.insecure()).length
                                    == entry.key().length(),
                            "a key of another length"));
        }
    }

    private static void require(boolean holds, String finding) {
        if (!holds) {
            throw new IllegalStateException(finding);
        }
    }
}

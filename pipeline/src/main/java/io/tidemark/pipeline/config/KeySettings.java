package io.tidemark.pipeline.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where keys come from and who can open the sealing keyset.
 *
 * @param recipients in the order of the configuration; empty where only reading commands are meant, {@code init} asks for them
 * @param recoveryKey the recovery key's private half, PEM; null where the daily keys are there
 * @param recoveryPassphrase of that file; null where it is not encrypted
 * @param memory where generations that were used are remembered; null for the default place
 * @param cache of keys that servers keep
 */
public record KeySettings(
        SortedMap<String, KeyProviderSettings> providers,
        List<RecipientSettings> recipients,
        @Nullable Path recoveryKey,
        @Nullable SecretReference recoveryPassphrase,
        @Nullable Path memory,
        KeyCacheSettings cache) {
    public KeySettings {
        providers = Collections.unmodifiableSortedMap(new TreeMap<>(providers));
        recipients = List.copyOf(recipients);
    }
}

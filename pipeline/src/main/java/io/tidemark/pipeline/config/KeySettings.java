package io.tidemark.pipeline.config;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where keys come from and who can open the sealing keyset.
 *
 * @param recipients in the order of the configuration; empty where only reading commands are meant, {@code init} asks for them
 */
public record KeySettings(SortedMap<String, KeyProviderSettings> providers, List<RecipientSettings> recipients) {
    public KeySettings {
        providers = Collections.unmodifiableSortedMap(new TreeMap<>(providers));
        recipients = List.copyOf(recipients);
    }
}

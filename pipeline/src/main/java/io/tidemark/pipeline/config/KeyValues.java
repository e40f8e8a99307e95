package io.tidemark.pipeline.config;

import io.tidemark.kmip.client.KmipHost;
import io.tidemark.pipeline.config.RecipientSettings.OfProvider.How;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From written values to key providers and recipients; part of {@link ConfigurationBuilder}. */
final class KeyValues {
    private static final int MOST_RECIPIENTS = 100;
    private static final int MOST_LISTED = 16;

    private final ConfigurationBuilder values;
    private final Faults faults;

    KeyValues(ConfigurationBuilder values, Faults faults) {
        this.values = values;
        this.faults = faults;
    }

    Optional<KeyProviderSettings> provider(String name) {
        String group = group(name);
        Optional<Path> file = values.value(Settings.PROVIDER_FILE, name);
        boolean inVault = values.isGiven(group + ".vault");
        boolean inKmip = values.isGiven(group + ".kmip");
        boolean inFile = file.isPresent() || values.isFaulty(Settings.PROVIDER_FILE.key(name));
        if (inFile && (inVault || inKmip) || inVault && inKmip) {
            faults.add(values.originOf(group), group + ": expected only one of file, vault and kmip");
            return Optional.empty();
        }
        if (inVault) {
            return vault(name, group);
        }
        if (inKmip) {
            return kmip(name, group);
        }
        if (file.isEmpty()) {
            values.missing(Settings.PROVIDER_FILE.key(name), group);
        }
        return file.map(path -> new KeyProviderSettings.FromFile(name, path));
    }

    private static String group(String provider) {
        return "keys.provider." + provider;
    }

    private Optional<KeyProviderSettings> vault(String name, String group) {
        Optional<URI> address = values.value(KeyServerSettings.VAULT_ADDRESS, name);
        Optional<Path> tokenFile = values.value(KeyServerSettings.VAULT_TOKEN_FILE, name);
        String mount = values.required(KeyServerSettings.VAULT_MOUNT, name);
        String namespace = values.orNull(KeyServerSettings.VAULT_NAMESPACE, name);
        Path trust = values.orNull(KeyServerSettings.VAULT_TRUST, name);
        if (address.isEmpty()) {
            values.missing(KeyServerSettings.VAULT_ADDRESS.key(name), group);
        }
        if (tokenFile.isEmpty()) {
            values.missing(KeyServerSettings.VAULT_TOKEN_FILE.key(name), group);
        }
        return address.isEmpty() || tokenFile.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new KeyProviderSettings.InVault(name, address.get(), mount, tokenFile.get(), namespace, trust));
    }

    private Optional<KeyProviderSettings> kmip(String name, String group) {
        List<KmipHost> hosts = list(KeyServerSettings.KMIP_HOST, name);
        Optional<Path> certificate = values.value(KeyServerSettings.KMIP_CERTIFICATE, name);
        Path key = values.orNull(KeyServerSettings.KMIP_KEY, name);
        SecretReference password = values.orNull(KeyServerSettings.KMIP_PASSWORD, name);
        Optional<Path> trust = values.value(KeyServerSettings.KMIP_TRUST, name);
        String serverName = values.orNull(KeyServerSettings.KMIP_SERVER_NAME, name);
        List<String> ciphers = list(KeyServerSettings.KMIP_CIPHER, name);
        KeyProviderSettings.InKmip.Waits waits = new KeyProviderSettings.InKmip.Waits(
                values.required(KeyServerSettings.KMIP_CONNECT_TIMEOUT, name),
                values.required(KeyServerSettings.KMIP_REQUEST_TIMEOUT, name),
                values.required(KeyServerSettings.KMIP_DEADLINE, name));
        if (hosts.isEmpty()) {
            values.missing(KeyServerSettings.KMIP_HOST.key(name, "0"), group);
        }
        if (new HashSet<>(hosts).size() < hosts.size()) {
            faults.add(values.originOf(group), group + ".kmip.hosts: one host is named twice");
        }
        if (certificate.isEmpty()) {
            values.missing(KeyServerSettings.KMIP_CERTIFICATE.key(name), group);
        }
        if (trust.isEmpty()) {
            values.missing(KeyServerSettings.KMIP_TRUST.key(name), group);
        }
        return hosts.isEmpty() || certificate.isEmpty() || trust.isEmpty()
                ? Optional.empty()
                : Optional.of(new KeyProviderSettings.InKmip(
                        name, hosts, certificate.get(), key, password, trust.get(), serverName, ciphers, waits));
    }

    /** A list of values, in the order of their numbers. */
    private <T> List<T> list(Setting<T> setting, String name) {
        List<T> list = new ArrayList<>();
        for (int i = 0; i < MOST_LISTED; i++) {
            values.value(setting, name, Integer.toString(i)).ifPresent(list::add);
        }
        String tooMany = setting.key(name, Integer.toString(MOST_LISTED));
        if (values.isGiven(tooMany)) {
            faults.add(values.originOf(tooMany), tooMany + ": more than " + MOST_LISTED + " items");
        }
        return list;
    }

    /** @param count of the items that are written */
    List<RecipientSettings> recipients(int count) {
        List<RecipientSettings> list = new ArrayList<>();
        if (count > MOST_RECIPIENTS) {
            faults.add(values.originOf("keys.recipients"), "keys.recipients: more than " + MOST_RECIPIENTS + " items");
            return list;
        }
        for (int i = 0; i < count; i++) {
            recipient(Integer.toString(i)).ifPresent(list::add);
        }
        return list;
    }

    private Optional<RecipientSettings> recipient(String number) {
        Optional<String> provider = values.value(Settings.RECIPIENT_PROVIDER, number);
        String key = values.orNull(Settings.RECIPIENT_KEY, number);
        Optional<Path> recovery = values.value(Settings.RECIPIENT_RECOVERY, number);
        String item = "keys.recipients." + number;
        boolean saysHow = values.isGiven(Settings.RECIPIENT_HOW.key(number));
        if (provider.isPresent() == recovery.isPresent()) {
            if (!values.isFaulty(item + ".provider") && !values.isFaulty(item + ".recovery")) {
                faults.add(values.originOf(item), item + ": expected either provider or recovery");
            }
            return Optional.empty();
        }
        if (recovery.isPresent()) {
            if (key != null) {
                faults.add(values.originOf(item), item + ".key: is for a provider's key, not for a recovery key");
            }
            if (saysHow) {
                faults.add(values.originOf(item), item + ".how: is for a provider's key, not for a recovery key");
            }
            return Optional.of(new RecipientSettings.Recovery(recovery.get()));
        }
        How how = saysHow ? values.required(Settings.RECIPIENT_HOW, number) : How.GET;
        return ofProvider(item, provider.get(), key, how);
    }

    private Optional<RecipientSettings> ofProvider(String item, String name, @Nullable String key, How how) {
        String group = group(name);
        if (!values.providers().contains(name)) {
            if (!values.isPartlyPlanned(group)) {
                faults.add(
                        values.originOf(item),
                        item + ".provider: no such provider under keys.provider"
                                + Nearest.of(name, values.providers())
                                        .map(n -> "; nearest: " + n)
                                        .orElse(""));
            }
            return Optional.empty();
        }
        boolean atKmip = values.isGiven(group + ".kmip");
        if ((atKmip || values.isGiven(group + ".vault")) && key == null && !values.isFaulty(item + ".key")) {
            faults.add(values.originOf(item), item + ".key is missing: which key of provider " + name + " it is");
        }
        if (how == How.ENCRYPT && !atKmip) {
            faults.add(values.originOf(item), item + ".how: encrypt is for a key at a KMIP server only");
        }
        return Optional.of(new RecipientSettings.OfProvider(name, key, how));
    }
}

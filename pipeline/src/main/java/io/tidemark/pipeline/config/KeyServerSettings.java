package io.tidemark.pipeline.config;

import io.tidemark.pipeline.config.Setting.Disclosure;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** The settings of key providers that are servers, {@code keys.provider.*.vault}; part of {@link Settings}. */
final class KeyServerSettings {
    static final Setting<URI> VAULT_ADDRESS = new Setting<>(
            "keys.provider.*.vault.address",
            new SettingType.ServerAddress(),
            null,
            Disclosure.OPEN,
            "Keys in Vault or OpenBao, in a KV store of version 2 as pg_tde uses it: where the server is. Its certificate and name are"
                    + " always verified, and redirects are not followed. Over http only on this host, where an agent may listen.",
            "https://vault.example.com:8200");

    static final Setting<String> VAULT_MOUNT = new Setting<>(
            "keys.provider.*.vault.mount",
            new SettingType.MountPath(),
            "secret",
            Disclosure.OPEN,
            "Where the KV store is mounted; pg_tde's mountPath.",
            "secret");

    static final Setting<Path> VAULT_TOKEN_FILE = new Setting<>(
            "keys.provider.*.vault.token-file",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "The file whose first word is the token. Read again for each request, so that a token that an agent renews is used at"
                    + " once. Its policy needs `read` on <mount>/data/<key>, and `create` for `init --create-keys`. The file may be"
                    + " read by its owner only.",
            "/etc/tidemark/vault.token");

    static final Setting<String> VAULT_NAMESPACE = new Setting<>(
            "keys.provider.*.vault.namespace",
            new SettingType.Token("the name of a namespace"),
            null,
            Disclosure.OPEN,
            "Vault's namespace that holds the mount. Without it, the root.",
            "team-a/");

    static final Setting<Path> VAULT_TRUST = new Setting<>(
            "keys.provider.*.vault.trust",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.OPEN,
            "Certificates in PEM, one of which must have signed the server's; then no others are believed. Without it, those that"
                    + " Java trusts.",
            "/etc/tidemark/vault-authority.pem");

    static final List<Setting<?>> ALL =
            List.of(VAULT_ADDRESS, VAULT_MOUNT, VAULT_TOKEN_FILE, VAULT_NAMESPACE, VAULT_TRUST);

    private KeyServerSettings() {}
}

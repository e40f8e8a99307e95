package io.tidemark.pipeline.config;

import io.tidemark.kmip.client.KmipHost;
import io.tidemark.pipeline.config.Setting.Disclosure;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings of key providers that are servers, {@code keys.provider.*.vault} and {@code keys.provider.*.kmip}; part of {@link Settings}. */
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

    static final Setting<KmipHost> KMIP_HOST = new Setting<>(
            "keys.provider.*.kmip.hosts.#",
            new SettingType.KmipServer(),
            null,
            Disclosure.OPEN,
            "Keys at a KMIP server: where it is, and behind it others that have the same keys, asked in this order when one does not"
                    + " answer. Without a port, 5696. TLS 1.2 or 1.3; the server's certificate and name are always verified.",
            "kms.example.com:5696");

    static final Setting<Path> KMIP_CERTIFICATE = new Setting<>(
            "keys.provider.*.kmip.certificate",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "Our certificate, with its intermediates: PEM, or PKCS#12 with the private key in it. To most servers its common name is"
                    + " the owner of keys. Read again when it changes.",
            "/etc/tidemark/kms-client.crt");

    static final Setting<Path> KMIP_KEY = new Setting<>(
            "keys.provider.*.kmip.key",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "The private key of that certificate, where it is not in the same file: PEM (PKCS#8, PKCS#1 or SEC1). The file that has"
                    + " the private key may be read by its owner only (or, where it belongs to root, by its group too).",
            "/etc/tidemark/kms-client.key");

    static final Setting<SecretReference> KMIP_PASSWORD = new Setting<>(
            "keys.provider.*.kmip.password",
            new SettingType.Secret(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "Where the password of the private key or of the PKCS#12 file is, if it is encrypted.",
            "file:/etc/tidemark/kms-client.password");

    static final Setting<Path> KMIP_TRUST = new Setting<>(
            "keys.provider.*.kmip.trust",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.OPEN,
            "Certificates in PEM or PKCS#12, one of which must have signed the server's; no others are believed.",
            "/etc/tidemark/kms-authority.pem");

    static final Setting<String> KMIP_SERVER_NAME = new Setting<>(
            "keys.provider.*.kmip.server-name",
            new SettingType.Token("the name in the server's certificate"),
            null,
            Disclosure.OPEN,
            "The name that the server's certificate has, where it is another one than the host's. Without it, the host's.",
            "appliance.example.com");

    static final Setting<String> KMIP_CIPHER = new Setting<>(
            "keys.provider.*.kmip.ciphers.#",
            new SettingType.CipherName(),
            null,
            Disclosure.OPEN,
            "Cipher suites by their IANA names, for a server that has none of those with forward secrecy (PyKMIP with an RSA"
                    + " certificate). Then only these are offered. Without it, Netty's list.",
            "TLS_RSA_WITH_AES_128_CBC_SHA256");

    static final Setting<Duration> KMIP_CONNECT_TIMEOUT = new Setting<>(
            "keys.provider.*.kmip.connect-timeout",
            new SettingType.Time("100ms", "1m"),
            "5s",
            Disclosure.OPEN,
            "How long a host may take to accept a connection.",
            "5s");

    static final Setting<Duration> KMIP_REQUEST_TIMEOUT = new Setting<>(
            "keys.provider.*.kmip.request-timeout",
            new SettingType.Time("1s", "5m"),
            "15s",
            Disclosure.OPEN,
            "How long a host may take to answer one request.",
            "15s");

    static final Setting<Duration> KMIP_DEADLINE = new Setting<>(
            "keys.provider.*.kmip.deadline",
            new SettingType.Time("1s", "10m"),
            "30s",
            Disclosure.OPEN,
            "How long one operation may take, all hosts and repetitions together. To be shorter than archive-push.deadline, so that"
                    + " archiving can say what it waited for.",
            "30s");

    static final List<Setting<?>> ALL = List.of(
            VAULT_ADDRESS,
            VAULT_MOUNT,
            VAULT_TOKEN_FILE,
            VAULT_NAMESPACE,
            VAULT_TRUST,
            KMIP_HOST,
            KMIP_CERTIFICATE,
            KMIP_KEY,
            KMIP_PASSWORD,
            KMIP_TRUST,
            KMIP_SERVER_NAME,
            KMIP_CIPHER,
            KMIP_CONNECT_TIMEOUT,
            KMIP_REQUEST_TIMEOUT,
            KMIP_DEADLINE);

    private KeyServerSettings() {}
}

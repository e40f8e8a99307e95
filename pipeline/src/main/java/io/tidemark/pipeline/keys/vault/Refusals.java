package io.tidemark.pipeline.keys.vault;

import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyReference;
import org.jspecify.annotations.Nullable;

/** What an answer other than the key means, in words: absent, denied, away, or something else than Vault's. */
final class Refusals {
    private static final int MOST_LOCATION_CHARACTERS = 100;

    private final String provider;
    private final VaultPlace place;

    Refusals(String provider, VaultPlace place) {
        this.provider = provider;
        this.place = place;
    }

    /** @param told what the server says of it, that does not repeat the token; null for nothing */
    KeysFailed of(VaultAnswer answer, KeyVersion read, KeyReference reference, @Nullable String told) {
        int status = answer.status();
        String said = " (HTTP " + status + (told == null ? "" : ": " + told) + ")";
        return switch (status) {
            case 403 ->
                failed(
                        Reason.DENIED,
                        "Vault refuses " + reference.described() + said,
                        "is the token in " + place.tokenFile() + " expired or revoked? its policy has to allow read on "
                                + place.mount() + "/data/" + (reference.key() == null ? "…" : reference.key())
                                + "; a mount or namespace that does not exist is answered like this too");
            case 404 -> notFound(read, reference, said);
            case 412, 429, 472, 473 -> away("Vault is not ready to answer" + said, null);
            case 503 -> away("Vault is sealed or in maintenance" + said, "unseal it: `vault operator unseal`");
            default -> other(answer, said);
        };
    }

    private static KeysFailed other(VaultAnswer answer, String said) {
        int status = answer.status();
        if (status >= 500) {
            return away("Vault cannot answer" + said, null);
        }
        if (status >= 300 && status < 400) {
            return failed(
                    Reason.UNUSABLE,
                    "the answer is a redirect to " + shown(answer.location())
                            + ", which is not followed: the token is for the configured address only" + said,
                    "configure the address of the active server, or of a balancer that reaches it");
        }
        return failed(Reason.UNUSABLE, "Vault does not understand the request" + said, null);
    }

    private KeysFailed notFound(KeyVersion read, KeyReference reference, String said) {
        if (read.isDestroyed()) {
            return failed(
                    Reason.LOST,
                    reference.described() + " was destroyed: nobody can give this version back",
                    "what it alone opens is lost; another recipient, or the recovery key, still opens the keyset");
        }
        if (read.isDeleted()) {
            return failed(
                    Reason.STATE,
                    reference.described() + " is deleted, not destroyed",
                    "vault kv undelete -mount=" + place.mount() + " -versions="
                            + (read.version() == null ? "N" : read.version()) + " " + reference.key());
        }
        if (read.hasErrors() && read.error() != null) {
            return failed(
                    Reason.UNUSABLE,
                    "there is no KV store where " + place.mount() + " is configured" + said,
                    "vault secrets list; is the namespace right?");
        }
        return failed(Reason.ABSENT, "Vault has no " + reference.described() + " in " + place.mount(), null);
    }

    /** What was asked was not said, or not in the form that pg_tde gives it. */
    KeysFailed notAKey(KeyReference reference, KeyVersion read) {
        if (read.isOfVersion1()) {
            return failed(
                    Reason.UNUSABLE,
                    place.mount() + " is a KV store of version 1",
                    "pg_tde and Tidemark keep keys in version 2: vault kv enable-versioning " + place.mount());
        }
        return failed(
                Reason.WRONG,
                reference.described()
                        + (read.hasKey()
                                ? " is there, but its field \"key\" holds no key in base64"
                                : " is there, but has no field \"key\""),
                "a key is stored as pg_tde does it: vault kv put -mount=" + place.mount()
                        + " NAME key=\"$(openssl rand -base64 32)\"");
    }

    KeysFailed wrongLength(KeyReference reference, int bytes) {
        return failed(
                Reason.WRONG, reference.described() + " has " + bytes + " bytes, where 16 or 32 are possible", null);
    }

    KeysFailed otherKey(KeyReference reference, FetchedKey found, CheckValue expected) {
        return failed(
                Reason.WRONG,
                reference.described() + " has check value " + found.check() + ", wanted is " + expected
                        + (found.id() == null ? "" : ": it is version " + found.id()),
                "the name was written anew? `vault kv get -version=N` shows older versions");
    }

    /** No JSON: what stands before Vault has answered, or there is none. */
    KeysFailed noJson(VaultAnswer answer, IllegalArgumentException cause) {
        int status = answer.status();
        if (status >= 300 && status < 400) {
            return other(answer, " (HTTP " + status + ")");
        }
        return status >= 500
                ? away("Vault, or what stands before it, cannot answer (HTTP " + status + ")", null)
                : new KeysFailed(
                        Reason.UNUSABLE,
                        "the answer is not Vault's (HTTP " + status + ", no JSON)",
                        "is it Vault that listens there, and not something before it?",
                        cause);
    }

    /** The same failure, said of this provider. */
    KeysFailed of(KeysFailed failure) {
        return new KeysFailed(
                failure.reason(),
                "key provider \"" + provider + "\" (" + place.authority() + "): " + failure.getMessage(),
                failure.hint().orElse(null),
                failure.getCause());
    }

    private static KeysFailed away(String what, @Nullable String hint) {
        return failed(Reason.UNREACHABLE, what, hint);
    }

    private static KeysFailed failed(Reason reason, String what, @Nullable String hint) {
        return new KeysFailed(reason, what, hint, null);
    }

    private static String shown(@Nullable String location) {
        if (location == null) {
            return "nowhere";
        }
        String cut = location.length() > MOST_LOCATION_CHARACTERS
                ? location.substring(0, MOST_LOCATION_CHARACTERS) + "…"
                : location;
        return cut.replaceAll("[^\\x21-\\x7E…]", "?");
    }
}

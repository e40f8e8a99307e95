package io.tidemark.crypto;

/** A key file of a pg_tde, or of a fork of it, whose layout is not known here. It is refused, for a guess would give wrong keys. */
public final class UnknownTdeVersion extends CryptoException {
    private static final long serialVersionUID = 1L;

    public UnknownTdeVersion(String message) {
        super(message, null);
    }

    @Override
    public String code() {
        return "unknown-tde-version";
    }
}

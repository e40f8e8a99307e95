package io.tidemark.pipeline.keys.provider;

import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.CheckValue;
import org.jspecify.annotations.Nullable;

/** A key of 16 or 32 bytes and which one it is. Close it to wipe the bytes; what it is can be read afterwards too. */
public final class FetchedKey implements AutoCloseable {
    private final SecretBytes bytes;
    private final @Nullable String name;
    private final @Nullable String id;
    private final KeyState state;
    private final CheckValue check;

    /**
     * @param bytes given: closed with this
     * @param name at the provider; null where it has one key without a name
     * @param id the unique identifier there; null where there are none
     * @throws io.tidemark.crypto.MalformedKey where it has neither 16 nor 32 bytes, which are then wiped
     */
    public FetchedKey(SecretBytes bytes, @Nullable String name, @Nullable String id, KeyState state) {
        this.bytes = bytes;
        this.name = name;
        this.id = id;
        this.state = state;
        try {
            this.check = CheckValue.of(bytes);
        } catch (RuntimeException malformed) {
            bytes.close();
            throw malformed;
        }
    }

    private FetchedKey(FetchedKey of) {
        this.bytes = of.bytes.duplicate();
        this.name = of.name;
        this.id = of.id;
        this.state = of.state;
        this.check = of.check;
    }

    /** Lent, until this is closed. */
    public SecretBytes bytes() {
        return bytes;
    }

    public @Nullable String name() {
        return name;
    }

    public @Nullable String id() {
        return id;
    }

    public KeyState state() {
        return state;
    }

    public CheckValue check() {
        return check;
    }

    /** Another holder of the same key, closed on its own. */
    public FetchedKey duplicate() {
        return new FetchedKey(this);
    }

    @Override
    public void close() {
        bytes.close();
    }

    @Override
    public String toString() {
        return "FetchedKey[" + bytes.length() + " bytes, check value " + check + "]";
    }
}

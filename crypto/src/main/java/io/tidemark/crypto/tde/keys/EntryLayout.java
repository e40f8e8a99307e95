package io.tidemark.crypto.tde.keys;

/**
 * Where the fields of an entry stand, in bytes from its beginning.
 *
 * @param bytes of a whole entry
 * @param authenticated how many of its first bytes the tag covers
 * @param cipher of the cipher's number (u32), or {@link #NONE} where there is only AES-128
 * @param type of what the entry is (u32)
 * @param place of what the key is for: tablespace and relation (u32 each), or LSN (u64) and timeline (u32)
 * @param entryIv of the IV under which the key is wrapped (16)
 * @param tag of the wrapped key's tag (16)
 * @param baseIv of the IV that pages and WAL derive theirs from (16)
 * @param wrappedKey of the wrapped key (16 or 32, by the cipher)
 * @param alwaysOne of a field of which pg_tde makes no use any more and into which it writes 1, or {@link #NONE}
 */
record EntryLayout(
        int bytes,
        int authenticated,
        int cipher,
        int type,
        int place,
        int entryIv,
        int tag,
        int baseIv,
        int wrappedKey,
        int alwaysOne) {
    static final int NONE = -1;

    private static final EntryLayout TDE_3 = new EntryLayout(96, 16, NONE, 8, 0, 64, 80, 32, 16, 48);
    private static final EntryLayout TDE_4 = new EntryLayout(96, 16, 0, 12, 4, 16, 32, 48, 64, NONE);
    private static final EntryLayout WEK_1 = new EntryLayout(96, 8, NONE, 40, 48, 64, 80, 24, 8, 0);
    private static final EntryLayout WEK_2 = new EntryLayout(104, 8, 0, 4, 8, 24, 40, 56, 72, NONE);

    static EntryLayout of(KeyFileVersion version) {
        return switch (version) {
            case TDE_3 -> TDE_3;
            case TDE_4 -> TDE_4;
            case WEK_1 -> WEK_1;
            case WEK_2 -> WEK_2;
        };
    }

    boolean knowsAes256() {
        return cipher != NONE;
    }
}

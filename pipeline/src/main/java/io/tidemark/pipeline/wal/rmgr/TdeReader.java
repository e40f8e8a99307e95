package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.pipeline.wal.WalRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link TdeData}: C structs as they lie in memory and in pg_tde's files.
 *
 * <pre>
 * relation:      tablespace (4) ‖ database (4) ‖ relation (4)
 * add key:       database (4) ‖ provider (4) ‖ created, seconds (8) ‖ microseconds (8) ‖ name (256) ‖ signature's IV (16) ‖ tag (16)
 * rotate key:    database (4) ‖ provider (4) ‖ name (256)
 * key provider:  database (4) ‖ pad (4) ‖ offset in its file (8) ‖ id (4) ‖ name (128) ‖ options (1024) ‖ type (4)
 * others:        database (4)
 * </pre>
 */
final class TdeReader {
    private static final int KEY_NAME_BYTES = 256;
    private static final int SIGNATURE_BYTES = 32;
    private static final int PROVIDER_NAME_BYTES = 128;
    private static final int OPTIONS_BYTES = 1024;
    private static final long MICROSECONDS = 1_000_000;

    private TdeReader() {}

    /** Null for an operation that is not known. */
    static @Nullable MainData read(WalRecord record, Fields in) {
        return switch (record.operation()) {
            case 0x00 -> new TdeData.CreateRelationKey(in.relation("relation"));
            case 0x10 -> addPrincipalKey(in);
            case 0x20 -> rotatePrincipalKey(in);
            case 0x30 -> writeKeyProvider(in);
            case 0x40 -> new TdeData.InstallExtension(in.unsigned("database"));
            case 0x50 -> new TdeData.DeleteRelationKey(in.relation("relation"));
            case 0x60 -> new TdeData.DeletePrincipalKey(in.unsigned("database"));
            default -> null;
        };
    }

    private static TdeData addPrincipalKey(Fields in) {
        long database = in.unsigned("database");
        int provider = in.number("provider");
        Instant seconds = in.seconds("time of creation");
        long microseconds = in.wide("microseconds of creation");
        if (microseconds < 0 || microseconds >= MICROSECONDS) {
            throw new Fields.Malformed("a second of " + microseconds + " microseconds");
        }
        String name = in.text("name of the key", KEY_NAME_BYTES);
        in.skip("signature", SIGNATURE_BYTES);
        return new TdeData.AddPrincipalKey(
                new TdeData.PrincipalKeyName(database, provider, name), seconds.plusNanos(microseconds * 1000));
    }

    private static TdeData rotatePrincipalKey(Fields in) {
        return new TdeData.RotatePrincipalKey(new TdeData.PrincipalKeyName(
                in.unsigned("database"), in.number("provider"), in.text("name of the key", KEY_NAME_BYTES)));
    }

    private static TdeData writeKeyProvider(Fields in) {
        long database = in.unsigned("database");
        in.skip("padding", 4);
        long offset = in.wide("offset");
        return new TdeData.WriteKeyProvider(
                database,
                offset,
                new TdeData.Provider(
                        in.number("id of the provider"),
                        in.text("name of the provider", PROVIDER_NAME_BYTES),
                        in.text("options of the provider", OPTIONS_BYTES),
                        in.number("type of the provider")));
    }
}

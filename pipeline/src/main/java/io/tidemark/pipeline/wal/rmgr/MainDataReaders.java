package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.pipeline.wal.RmgrId;
import io.tidemark.pipeline.wal.WalRecord;
import org.jspecify.annotations.Nullable;

/** Whose main data are read where. */
final class MainDataReaders {
    private MainDataReaders() {}

    static boolean know(RmgrId resourceManager) {
        return resourceManager.equals(RmgrId.XLOG)
                || resourceManager.equals(RmgrId.XACT)
                || resourceManager.equals(RmgrId.TDE);
    }

    /** @param record of one that is {@linkplain #know known}, its main data whole */
    static MainData read(WalRecord record) {
        Fields fields = new Fields(record.mainData());
        try {
            MainData found = read(record, fields);
            if (found == null) {
                return NotRead.of(record, NotRead.Reason.UNKNOWN_OPERATION, "");
            }
            fields.requireEnd();
            return found;
        } catch (Fields.Malformed e) {
            return NotRead.of(record, NotRead.Reason.MALFORMED, e.detail());
        }
    }

    private static @Nullable MainData read(WalRecord record, Fields fields) {
        RmgrId resourceManager = record.resourceManager();
        if (resourceManager.equals(RmgrId.XLOG)) {
            return XlogReader.read(record, fields);
        }
        return resourceManager.equals(RmgrId.XACT) ? XactReader.read(record, fields) : TdeReader.read(record, fields);
    }
}

package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.pipeline.wal.RmgrId;
import io.tidemark.pipeline.wal.WalRecord;

/** What a record says by its main data. */
public sealed interface MainData permits XlogData, XactData, TdeData, NotRead {

    /** Reads what the record holds, within the call; never fails: what cannot be read is a {@link NotRead}. */
    static MainData of(WalRecord record) {
        RmgrId resourceManager = record.resourceManager();
        if (!MainDataReaders.know(resourceManager)) {
            return NotRead.of(record, NotRead.Reason.OTHER_RESOURCE_MANAGER, "");
        }
        if (!record.isMainDataWhole()) {
            return NotRead.of(
                    record, NotRead.Reason.TOO_LONG, record.mainDataLength() + " bytes of main data, not held whole");
        }
        return MainDataReaders.read(record);
    }
}

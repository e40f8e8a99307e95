package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.backup.FileProgress.Pages;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.postgres.PgControl;

/**
 * The sizes by which a cluster's files are cut, as a running server says them before its control file arrives.
 *
 * @param blockSize bytes of a page
 * @param relationSegmentBlocks blocks after which a relation goes on in a further file
 */
record ClusterShape(
        int blockSize, int walBlockSize, int relationSegmentBlocks, WalSegmentSize segmentSize, Pages pages) {
    /** @throws IntegrityFailed where the control file says something else */
    void require(PgControl control) {
        Pages controlPages = control.checksumVersion() == 0 ? Pages.BARE : Pages.CHECKSUMMED;
        ClusterShape said = new ClusterShape(
                control.blockSize(),
                control.walBlockSize(),
                control.relationSegmentBlocks(),
                control.segmentSize(),
                controlPages);
        if (!said.equals(this)) {
            throw new IntegrityFailed("the server said " + this + ", and its control file says " + said);
        }
    }

    @Override
    public String toString() {
        return "pages of " + blockSize + " bytes " + (pages == Pages.BARE ? "without" : "with") + " checksums, "
                + relationSegmentBlocks + " in a file, WAL segments of " + segmentSize.bytes() + " bytes in pages of "
                + walBlockSize;
    }
}

package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.SystemIdentifier;

/**
 * What pg_control says of a cluster and what never changes while it lives.
 *
 * @param postgres major version
 * @param controlVersion pg_control's own, {@code 1700}
 * @param catalogVersion which names the directories in tablespaces, {@code 202406281}
 * @param blockSize bytes of a page
 * @param walBlockSize bytes of a page of WAL
 * @param relationSegmentBlocks blocks after which a relation goes on in a further file
 * @param checksumVersion of data pages; 0: no data checksums
 */
public record ClusterFacts(
        SystemIdentifier systemIdentifier,
        int postgres,
        int controlVersion,
        int catalogVersion,
        WalSegmentSize segmentSize,
        int blockSize,
        int walBlockSize,
        int relationSegmentBlocks,
        int checksumVersion) {
    public ClusterFacts {
        if (blockSize < 1024 || blockSize > 32_768 || Integer.bitCount(blockSize) != 1) {
            throw new IllegalArgumentException("no block size: " + blockSize);
        }
        if (walBlockSize < 1024 || walBlockSize > 65_536 || Integer.bitCount(walBlockSize) != 1) {
            throw new IllegalArgumentException("no WAL block size: " + walBlockSize);
        }
        if (relationSegmentBlocks < 1 || checksumVersion < 0) {
            throw new IllegalArgumentException("no cluster: relation segments of " + relationSegmentBlocks
                    + " blocks, checksum version " + checksumVersion);
        }
    }

    /** The directory below a tablespace's location that is this version's, {@code PG_17_202406281}. */
    public String tablespaceDirectory() {
        return "PG_" + postgres + "_" + catalogVersion;
    }
}

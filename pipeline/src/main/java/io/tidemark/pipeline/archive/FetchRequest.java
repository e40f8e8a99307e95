package io.tidemark.pipeline.archive;

import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.wal.WalFileName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL asks for.
 *
 * @param destination relative to the data directory, or absolute
 * @param through the last segment that a restore's plan found: nothing up to it can be absent; null where no plan was made
 */
public record FetchRequest(
        WalFileName file, Path destination, @Nullable WalSegmentName through) {}

package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.crypto.postgres.Lsn;
import java.time.Instant;

/** A place in the WAL and the time of day that goes with it. */
public record WalPoint(Lsn lsn, Instant time) {}

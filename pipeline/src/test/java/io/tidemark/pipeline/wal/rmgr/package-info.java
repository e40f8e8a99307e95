/** Tests of the package. */
@org.jspecify.annotations.NullMarked
package io.tidemark.pipeline.wal.rmgr;

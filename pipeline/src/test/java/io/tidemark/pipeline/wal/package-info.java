/** Tests of the WAL readers, on real segments and on segments made for the purpose. */
@org.jspecify.annotations.NullMarked
package io.tidemark.pipeline.wal;

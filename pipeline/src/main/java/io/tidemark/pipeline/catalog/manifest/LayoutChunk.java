package io.tidemark.pipeline.catalog.manifest;

/** A part of a file's content: bytes stored in a pack, or a run of zeros, of which nothing is stored. */
public sealed interface LayoutChunk {
    /** In bytes. */
    long length();

    /** Bytes that are stored. */
    record Stored(ChunkReference reference) implements LayoutChunk {
        public Stored {
            if (reference.length() > ChunkReference.MAX_CHUNK_BYTES) {
                throw new IllegalArgumentException(
                        "chunk of " + reference.length() + " bytes, at most " + ChunkReference.MAX_CHUNK_BYTES);
            }
        }

        @Override
        public long length() {
            return reference.length();
        }
    }

    /** Zeros, as many as there are in a row. */
    record Zeros(long length) implements LayoutChunk {
        public Zeros {
            if (length < 1) {
                throw new IllegalArgumentException("run of " + length + " zeros");
            }
        }
    }
}

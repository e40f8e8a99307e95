package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.postgres.RelFileLocator;

/** A file of a relation: one of its forks, of which long ones lie in several files, numbered from 0. */
public record RelationSegment(RelFileLocator locator, ForkNumber fork, int segment) {
    public RelationSegment {
        if (segment < 0) {
            throw new IllegalArgumentException("segment " + segment + " of relation " + locator);
        }
    }
}

package io.tidemark.pipeline.config;

import java.nio.file.Path;

/**
 * One repository, {@code repository.<name>}.
 *
 * @param directory absolute; the cluster's root is the directory {@code <cluster>} in it
 */
public record RepositorySettings(String name, Path directory, Requirement requirement) {

    /** Whether archiving waits for this repository. */
    public boolean required() {
        return requirement == Requirement.REQUIRED;
    }
}

package io.tidemark.pipeline.config;

/** One repository, {@code repository.<name>}. */
public record RepositorySettings(String name, RepositoryPlace place, Requirement requirement) {

    /** Whether archiving waits for this repository. */
    public boolean required() {
        return requirement == Requirement.REQUIRED;
    }
}

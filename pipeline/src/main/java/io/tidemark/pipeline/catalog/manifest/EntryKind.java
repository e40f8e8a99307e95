package io.tidemark.pipeline.catalog.manifest;

/** The kinds that a manifest's file line may have; anything else, a device say, is refused. */
enum EntryKind {
    RELATION("relation"),
    OTHER("other"),
    DIRECTORY("directory"),
    LINK("link");

    private final String word;

    EntryKind(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}

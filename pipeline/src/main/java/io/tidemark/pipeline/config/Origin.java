package io.tidemark.pipeline.config;

/** Where a value comes from. */
record Origin(Source source, String text) {

    /** Later ones win. */
    enum Source {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        OPTION
    }

    static final Origin BY_DEFAULT = new Origin(Source.DEFAULT, "default");

    static Origin file(String file, int line) {
        return new Origin(Source.FILE, file + ":" + line);
    }

    static Origin environment(String variable) {
        return new Origin(Source.ENVIRONMENT, "environment " + variable);
    }

    static Origin option() {
        return new Origin(Source.OPTION, "--set");
    }
}

package io.tidemark.kmip.tls;

import io.tidemark.kmip.KmipException;
import java.nio.file.Path;

/** What is wrong with a file, said where the file's name is not at hand; never quotes its content. */
final class UnusableFile extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    UnusableFile(String found, String hint) {
        super(found);
        this.hint = hint;
    }

    KmipException.FilesUnusable of(String operation, Path file) {
        return new KmipException.FilesUnusable(
                new KmipException.Attempt(operation, file.toString()), String.valueOf(getMessage()), hint, null);
    }
}

package io.tidemark.sinks.local;

import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreFull;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.StoreUnsuitable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Turns what the operating system said into the port's errors, in one place.
 *
 * <p>Java gives most of errno as {@code strerror}'s text only. The launcher sets a locale in which that text is English;
 * one that is not known becomes {@link StoreUnavailable}, which is never taken for an absence.
 */
final class FileFailure {

    private static final String DENIED = "Permission denied";
    private static final String PERMISSIONS = "the repository must be writable by the user that PostgreSQL runs as";

    private FileFailure() {}

    /** {@code attempt} is a verb as in {@code "write"}. */
    static StoreException of(String attempt, Path path, IOException error) {
        String reason = reason(error);
        String message = attempt + " " + path + ": " + reason;
        return switch (reason) {
            case "No space left on device", "Disk quota exceeded", "File too large" ->
                new StoreFull(message + "\nHINT: make room, or raise the quota", error);
            case "Read-only file system", "Operation not permitted", DENIED ->
                new AccessRefused(message + "\nHINT: " + PERMISSIONS, error);
            case "Not a directory", "Is a directory" -> new IntegrityFailed(message, error);
            default ->
                reason.startsWith("Too many levels of symbolic links")
                        ? new IntegrityFailed(
                                message + "\nHINT: links below a repository's root are not followed", error)
                        : new StoreUnavailable(message, error);
        };
    }

    /** As {@link #of}, for a call that a file system without such calls refuses. */
    static StoreException ofFeature(String attempt, Path path, IOException error) {
        return switch (reason(error)) {
            case "Operation not permitted",
                    "Operation not supported",
                    "Function not implemented",
                    "Invalid argument",
                    "Invalid cross-device link",
                    "Inappropriate ioctl for device" ->
                new StoreUnsuitable(
                        attempt + " " + path + ": " + reason(error)
                                + "\nHINT: a repository needs hard links and fsync of directories within one file system",
                        error);
            default -> of(attempt, path, error);
        };
    }

    private static String reason(IOException error) {
        if (error instanceof AccessDeniedException) {
            return DENIED;
        }
        if (error instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        String text = error instanceof FileSystemException named ? named.getReason() : error.getMessage();
        return text == null ? error.getClass().getSimpleName() : text;
    }
}

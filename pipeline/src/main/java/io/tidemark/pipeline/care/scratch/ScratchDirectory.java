package io.tidemark.pipeline.care.scratch;

import io.tidemark.pipeline.config.PostgresFailed;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of our own in the temporary directory, and the account that works in it. The directory and what is
 * installed into it belong to the caller, so that the account cannot change the programs that it runs; what the account
 * writes, it is given.
 */
public final class ScratchDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path root;
    private final Account account;

    private ScratchDirectory(Path root, Account account) {
        this.root = root;
        this.account = account;
    }

    /** Makes {@code <temporary directory>/<prefix><random>}. */
    public static ScratchDirectory create(String prefix) {
        try {
            Path root = Files.createTempDirectory(prefix).toRealPath();
            Files.setPosixFilePermissions(root, READABLE);
            return new ScratchDirectory(root, Account.forOwnerOf(root));
        } catch (IOException e) {
            throw new PostgresFailed("cannot make a scratch directory", e);
        }
    }

    public Path root() {
        return root;
    }

    public Account account() {
        return account;
    }

    /** A new directory that the account can read and only the caller can change. */
    public Path readable(String name) {
        return make(name, READABLE);
    }

    /** A new directory that belongs to the account and that nobody else can read. */
    public Path given(String name) {
        Path directory = make(name, PRIVATE);
        account.give(directory);
        return directory;
    }

    /** A new file of the account's, mode 0600. */
    public Path givenFile(String name, byte[] content) {
        Path file = root.resolve(name);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, content);
        } catch (IOException e) {
            throw new PostgresFailed("cannot write " + file, e);
        }
        account.give(file);
        return file;
    }

    /** A new file that the account can read and only the caller can change. */
    public Path readableFile(String name, byte[] content) {
        Path file = root.resolve(name);
        try {
            Files.write(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        } catch (IOException e) {
            throw new PostgresFailed("cannot write " + file, e);
        }
        return file;
    }

    private Path make(String name, Set<PosixFilePermission> permissions) {
        Path directory = root.resolve(name);
        try {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, permissions);
        } catch (IOException e) {
            throw new PostgresFailed("cannot make " + directory, e);
        }
        return directory;
    }

    /** Bytes of all files at and below {@code path}; links are counted as links. */
    public static long sizeBytes(Path path) {
        long[] total = {0};
        walk(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                total[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // a running server removes files under our eyes
            }
        });
        return total[0];
    }

    /** Removes {@code path} and all below it, without following links; what is not there is removed already. */
    public static void delete(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        walk(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // gone, or reported by the directory that then is not empty
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void walk(Path path, SimpleFileVisitor<Path> visitor) {
        try {
            Files.walkFileTree(path, visitor);
        } catch (IOException e) {
            throw new PostgresFailed("cannot walk " + path, e);
        }
    }

    /** Removes the directory and everything in it. */
    @Override
    public void close() {
        delete(root);
    }
}

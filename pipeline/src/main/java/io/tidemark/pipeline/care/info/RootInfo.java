package io.tidemark.pipeline.care.info;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What lies in one root.
 *
 * @param cluster uuid
 * @param repository the root's own id
 * @param generation of the keyset that counts
 * @param systems ascending by their digits
 */
public record RootInfo(String cluster, String repository, int generation, List<SystemOf> systems) {
    public RootInfo {
        systems = List.copyOf(systems);
    }

    /**
     * One system identifier.
     *
     * @param segmentSize by the facts of the first segment; null where there is none, or they cannot be read
     * @param rivals files that came with other content than the one stored
     */
    public record SystemOf(
            SystemIdentifier system,
            @Nullable WalSegmentSize segmentSize,
            List<Timeline> timelines,
            List<Backup> backups,
            long rivals) {
        public SystemOf {
            timelines = List.copyOf(timelines);
            backups = List.copyOf(backups);
        }
    }

    /**
     * One timeline's WAL.
     *
     * @param history whether its history file is there
     * @param first the first segment; null where there is none
     * @param last the last one; null where there is none
     * @param segments how many have a name here in any whole form
     * @param storedBytes of all objects of the timeline
     * @param missing how many lie in gaps; -1 where the segment size is not known
     * @param gaps the first of them
     * @param partials partial segments
     * @param asFound segments still under pg_tde's encryption
     * @param again second objects: their names are held by foreign ones
     */
    public record Timeline(
            TimelineId timeline,
            boolean history,
            @Nullable WalSegmentName first,
            @Nullable WalSegmentName last,
            long segments,
            long storedBytes,
            long missing,
            List<Gap> gaps,
            long partials,
            long asFound,
            long again) {
        public Timeline {
            gaps = List.copyOf(gaps);
        }
    }

    /** Segments that are missing between others. */
    public record Gap(WalSegmentName first, WalSegmentName last, long segments) {}

    /**
     * One backup, or what an interrupted or running one has left.
     *
     * @param header of its manifest; null where there is none, or it is abandoned or cannot be read
     * @param state what it is
     * @param storedBytes of the objects under its label
     * @param packs how many lie under its label
     */
    public record Backup(
            BackupLabel label,
            ManifestLine.@Nullable Header header,
            State state,
            @Nullable String problem,
            long storedBytes,
            long packs) {}

    /** Whether a backup exists. */
    public enum State {
        /** Its manifest is there and its first line could be read. */
        COMPLETE,
        /** Somebody has put the manifest of an abandoned backup in its place. */
        ABANDONED,
        /** It has no manifest: running, or interrupted. */
        UNFINISHED,
        /** Its manifest is there and does not open. */
        UNREADABLE
    }
}

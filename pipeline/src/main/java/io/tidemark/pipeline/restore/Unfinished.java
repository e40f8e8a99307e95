package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.config.RefusedForSafety;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What this very run has written by a plan whose repository then failed. Its marker lies in every directory, and these were empty, or
 * held an interrupted restore of the same backup, before it was put there: so all of it may go.
 */
record Unfinished(RestoreMarker marker, Places places, ManifestSurvey survey) {
    /**
     * Empties the directories of the plan; the marker in the data directory stays, for what comes after. A directory that the plan did
     * not have was made by somebody else, and stops this. Blocks.
     */
    void remove() throws IOException {
        for (FilePath directory : survey.directories().descendingKeySet()) {
            Places.Spot spot = places.spot(directory);
            try {
                within(spot.base()).removeDirectory(spot.path());
            } catch (NoSuchFileException e) {
                // the failure came before it was made, or this is the second try
            } catch (DirectoryNotEmptyException e) {
                throw new RefusedForSafety(
                        "'" + spot.path().under(spot.base()) + "' has a directory that the restore has not made: "
                                + "somebody else writes there",
                        "empty the directory and run the restore again",
                        e);
            }
        }
        for (Place place : places.outside()) {
            within(place.directory()).removeFiles();
        }
        within(places.root()).removeFilesBut(RestoreMarker.NAME);
    }

    private static SafeDirectory within(Path base) {
        return new SafeDirectory(base, TargetDirectory.Start.AGAIN);
    }
}

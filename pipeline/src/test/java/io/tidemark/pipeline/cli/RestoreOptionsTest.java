package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.config.NotInThisVersion;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.TidemarkException;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.restore.RecoveryTarget;
import io.tidemark.pipeline.restore.RestoreRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RestoreOptionsTest {
    private static final Path HERE = Path.of("/home/me");

    @Test
    void nothingButThePlace_isLatestAsACopyThatPauses() {
        assertThat(request()).isEqualTo(RestoreRequest.latest(Path.of("/new")));
    }

    @Test
    void relativePlace_isFromHere() {
        assertThat(asked("--to", "new").request(HERE).directory()).isEqualTo(Path.of("/home/me/new"));
    }

    @Test
    void r1_eachTarget_isThatTarget() {
        assertThat(request("--latest").target()).isEqualTo(new RecoveryTarget.Latest());
        assertThat(request("--immediate").target()).isEqualTo(new RecoveryTarget.Immediate());
        assertThat(request("--time", "2026-11-22 15:00:00+01").target())
                .isEqualTo(new RecoveryTarget.Time(Instant.parse("2026-11-22T14:00:00Z")));
        assertThat(request("--lsn", "16/B374D848").target())
                .isEqualTo(new RecoveryTarget.Position(Lsn.parse("16/B374D848")));
        assertThat(request("--xid", "700").target()).isEqualTo(new RecoveryTarget.Transaction(700));
        assertThat(request("--name", "before drop").target()).isEqualTo(new RecoveryTarget.Name("before drop"));
    }

    @Test
    void r1_otherOptions_areTakenOver() {
        RestoreRequest request = request(
                "--lsn",
                "0/3000000",
                "--exclusive",
                "--action",
                "promote",
                "--same-cluster",
                "--timeline",
                "12",
                "--at-least",
                "0/4000000",
                "--backup",
                "20261127T020000Z-0a1b2c",
                "--system-identifier",
                "7710995161739907408",
                "--tablespace-map",
                "/mnt/ts=/srv/ts");

        assertThat(request.inclusion()).isEqualTo(RestoreRequest.Inclusion.EXCLUSIVE);
        assertThat(request.action()).isEqualTo(RestoreRequest.Action.PROMOTE);
        assertThat(request.lineage()).isEqualTo(RestoreRequest.Lineage.SAME_CLUSTER);
        assertThat(request.timeline()).isEqualTo(TimelineId.of(12));
        assertThat(request.atLeast()).isEqualTo(Lsn.parse("0/4000000"));
        assertThat(request.locations()).containsEntry(Path.of("/mnt/ts"), Path.of("/srv/ts"));
    }

    @Test
    void timeline_byTheDigitsOfFileNames_isHexadecimal() {
        assertThat(request("--timeline", "0000000C").timeline()).isEqualTo(TimelineId.of(12));
    }

    @Test
    void t35_timeWithoutZone_isUsageAndAmbiguousTimeIsRefused() {
        assertThatThrownBy(() -> request("--time", "2026-11-22 15:00:00")).isInstanceOf(UsageError.class);
        assertThatThrownBy(() -> request("--time", "2026-10-25 02:30:00 Europe/Paris"))
                .isInstanceOf(RefusedForSafety.class);
    }

    @Test
    void severalTargets_areRefused() {
        assertThatThrownBy(() -> request("--latest", "--xid", "700"))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("--latest, --xid");
    }

    @Test
    void atLeast_withATime_isNotInThisVersion() {
        assertThatThrownBy(() -> request("--at-least", "2026-11-22 15:00:00+01"))
                .isInstanceOf(NotInThisVersion.class)
                .satisfies(e ->
                        assertThat(((TidemarkException) e).hint().orElseThrow()).contains("LSN"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--action=later",
                "--timeline=0",
                "--timeline=x",
                "--lsn=7",
                "--backup=yesterday",
                "--at-least=soon",
                "--tablespace-map=/mnt/ts",
                "--tablespace-map==/x",
                "--tablespace-map=/x=",
                "--system-identifier=x",
                "--xid=x"
            })
    void value_thatIsNone_isUsage(String option) {
        assertThatThrownBy(() -> request(option)).isInstanceOf(UsageError.class);
    }

    @Test
    void mappingTwice_isUsage() {
        assertThatThrownBy(() -> request("--tablespace-map", "/a=/b", "--tablespace-map", "/a=/c"))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--delta", "--before", "--principal-key"})
    void option_thatIsPlanned_isNotInThisVersion(String option) {
        assertThatThrownBy(() -> Commands.parse(new String[] {"restore", "--to", "/new", option, "drop table a.b"}))
                .isInstanceOf(NotInThisVersion.class)
                .hasMessageContaining(option);
    }

    private static RestoreRequest request(String... options) {
        List<String> all = new ArrayList<>(List.of("--to", "/new"));
        all.addAll(List.of(options));
        return asked(all.toArray(String[]::new)).request(HERE);
    }

    private static RestoreOptions asked(String... options) {
        List<String> all = new ArrayList<>(List.of("restore"));
        all.addAll(List.of(options));
        return ((RestoreCommand) Commands.parse(all.toArray(String[]::new)).verb()).asked;
    }
}

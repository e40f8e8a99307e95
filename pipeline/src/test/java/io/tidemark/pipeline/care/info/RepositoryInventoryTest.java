package io.tidemark.pipeline.care.info;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalSegmentName;
import io.tidemark.pipeline.care.info.RootInfo.Gap;
import io.tidemark.pipeline.care.info.RootInfo.State;
import io.tidemark.pipeline.care.info.RootInfo.SystemOf;
import io.tidemark.pipeline.care.info.RootInfo.Timeline;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.SealedBody;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.keys.TestRepository;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.testing.MemoryStore;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class RepositoryInventoryTest {
    private static final SystemIdentifier SYSTEM = SystemIdentifier.parse("7710995161739907408");
    private static final SystemIdentifier OLD = SystemIdentifier.parse("6710995161739907408");
    private static final BackupLabel LABEL = new BackupLabel("20261122T150000Z-0a1b2c");

    private final MemoryStore store = new MemoryStore("/a/prod");
    private final Repository repository = TestRepository.on(store);

    @Test
    void of_anEmptyRepository_isThatAndNoError() {
        RootInfo info = info();

        assertThat(info.systems()).isEmpty();
        assertThat(info.generation()).isEqualTo(1);
        assertThat(info.cluster()).isEqualTo(repository.marker().cluster());
    }

    @Test
    void of_segmentsWithHoles_namesFirstLastAndGaps() {
        for (int number : new int[] {0xFD, 0xFE, 0x102, 0x103, 0x110}) {
            store.plant(segment(number), new byte[10]);
        }
        seal(0xFC);

        Timeline timeline = info().systems().get(0).timelines().get(0);

        assertThat(timeline.first()).hasToString("0000000100000000000000FC");
        assertThat(timeline.last()).hasToString("000000010000000100000010");
        assertThat(timeline.segments()).isEqualTo(6);
        assertThat(timeline.missing()).isEqualTo(15);
        assertThat(timeline.gaps())
                .containsExactly(new Gap(name(0xFF), name(0x101), 3), new Gap(name(0x104), name(0x10F), 12));
    }

    @Test
    void of_manyGaps_keepsTheFirstAndCountsAll() {
        seal(0);
        for (int number = 2; number < 200; number += 2) {
            store.plant(segment(number), new byte[1]);
        }

        Timeline timeline = info().systems().get(0).timelines().get(0);

        assertThat(timeline.gaps()).hasSize(20);
        assertThat(timeline.missing()).isEqualTo(99);
    }

    @Test
    void of_firstSegmentsForeign_saysThatGapsAreNotKnown() {
        store.plant(segment(1), new byte[10]);
        store.plant(segment(3), new byte[10]);

        SystemOf system = info().systems().get(0);

        assertThat(system.segmentSize()).isNull();
        assertThat(system.timelines().get(0).missing()).isEqualTo(-1);
    }

    @Test
    void of_otherFormsOfFiles_countsThemApart() {
        seal(4);
        store.plant(segment(4) + ".again.3364ee031880bac0", new byte[1]);
        store.plant(segment(5) + ".partial.3364ee031880bac0", new byte[1]);
        store.plant(segment(4) + ".00000028.backup", new byte[1]);
        store.plant(segment(6) + ".tde.db1-aabbcc.3364ee031880bac0", new byte[1]);
        store.plant(SYSTEM + "/wal/00000002.history", new byte[1]);
        store.plant(SYSTEM + "/rival/00000001/" + name(4) + ".3364ee031880bac0", new byte[1]);
        store.plant(SYSTEM + "/wal/lost", new byte[1]);
        store.plant(OLD + "/wal/00000007.history", new byte[1]);

        RootInfo info = info();

        assertThat(info.systems()).extracting(SystemOf::system).containsExactly(OLD, SYSTEM);
        SystemOf system = info.systems().get(1);
        assertThat(system.rivals()).isEqualTo(1);
        assertThat(system.timelines()).extracting(Timeline::history).containsExactly(false, true);
        Timeline timeline = system.timelines().get(0);
        assertThat(timeline.segments()).isEqualTo(2);
        assertThat(timeline.partials()).isEqualTo(1);
        assertThat(timeline.asFound()).isEqualTo(1);
        assertThat(timeline.again()).isEqualTo(1);
        assertThat(timeline.missing()).isEqualTo(1);
    }

    @Test
    void of_backupsWithoutOrWithADamagedManifest_saysWhichIsWhich() {
        store.plant(ObjectNames.pack(SYSTEM, LABEL, 1).value(), new byte[30]);
        BackupLabel forged = new BackupLabel("20261123T150000Z-0a1b2c");
        store.plant(ObjectNames.manifest(SYSTEM, forged).value(), new byte[200]);

        SystemOf system = info().systems().get(0);

        assertThat(system.backups())
                .extracting(RootInfo.Backup::state)
                .containsExactly(State.UNFINISHED, State.UNREADABLE);
        assertThat(system.backups().get(0).packs()).isEqualTo(1);
        assertThat(system.backups().get(0).storedBytes()).isEqualTo(30);
        assertThat(system.backups().get(1).problem()).contains("manifest");
    }

    private RootInfo info() {
        return one(new RepositoryInventory().of(repository));
    }

    private void seal(int number) {
        SealedBody body = SealedBody.ofFile(
                () -> Flux.defer(() -> Flux.just(Unpooled.buffer(4).writeInt(number))),
                digest -> Facts.of(Facts.WAL, digest, Instant.EPOCH, "test").with("segmentSize", 16 << 20),
                new Compress(1, Schedulers.immediate()));
        one(repository.objects().put(ObjectNames.segment(SYSTEM, name(number)), body));
    }

    private static String segment(int number) {
        return ObjectNames.segment(SYSTEM, name(number)).value();
    }

    private static WalSegmentName name(int number) {
        return new WalSegmentName(TimelineId.FIRST, number / 256, number % 256);
    }
}

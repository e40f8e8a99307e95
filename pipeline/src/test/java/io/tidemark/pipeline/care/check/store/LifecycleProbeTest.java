package io.tidemark.pipeline.care.check.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Verdict;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ForwardingStore;
import io.tidemark.sinks.LifecycleRule;
import io.tidemark.sinks.LifecycleRule.Effect;
import io.tidemark.sinks.s3.S3Settings;
import io.tidemark.sinks.s3.WriteOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

final class LifecycleProbeTest {
    private final Fixture fixture = new Fixture();

    private List<Finding> findings(Flux<LifecycleRule> rules) {
        CheckedRepository inMemory = fixture.checked("a", Requirement.REQUIRED, new Ruled(fixture, rules));
        CheckedRepository bucket = new CheckedRepository(
                inMemory.name(),
                inMemory.requirement(),
                new RepositoryPlace.Bucket(
                        new S3Settings(
                                "b",
                                "",
                                "eu-west-3",
                                null,
                                S3Settings.Addressing.PATH,
                                null,
                                WriteOptions.PLAIN,
                                S3Settings.Payer.OWNER,
                                8 << 20),
                        new RepositoryPlace.BucketIdentity.Chain(null),
                        null),
                inMemory.root(),
                inMemory.opening(),
                inMemory.inventory());
        return new LifecycleProbe(bucket)
                .findings()
                .collectList()
                .blockOptional()
                .orElseThrow();
    }

    @Test
    void t104_aRuleThatDeletes_isAWarningThatNamesIt() {
        Flux<LifecycleRule> rules = Flux.just(new LifecycleRule("tidy up", Effect.DELETED, "", Duration.ofDays(30)));

        assertThat(findings(rules)).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
            assertThat(finding.text()).contains("\"tidy up\" deletes objects after 30 days");
        });
    }

    @Test
    void t103_aRuleThatArchives_isAWarningThatSaysWhatARestoreWouldMeet() {
        Flux<LifecycleRule> rules = Flux.just(new LifecycleRule("", Effect.ARCHIVED, "1/wal/", null));

        assertThat(findings(rules)).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.WARN);
            assertThat(finding.text()).contains("a lifecycle rule for 1/wal/", "at a date", "thawed");
            assertThat(finding.hint()).contains("GLACIER_IR");
        });
    }

    @Test
    void t104_rulesForWhatCanBeMadeAgain_areFine() {
        Flux<LifecycleRule> rules =
                Flux.just(new LifecycleRule("checks", Effect.DELETED, "index/check/", Duration.ofDays(1)));

        assertThat(findings(rules))
                .singleElement()
                .satisfies(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.OK));
    }

    @Test
    void t104_rulesThatMayNotBeRead_areSaidToBeUnknown_neverFine() {
        Flux<LifecycleRule> refused =
                Flux.error(new AccessRefused("GetLifecycleConfiguration s3://b: 403 AccessDenied", null));

        assertThat(findings(refused)).singleElement().satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(Verdict.SKIPPED);
            assertThat(finding.text()).contains("not known", "AccessDenied");
            assertThat(finding.hint()).contains("s3:GetLifecycleConfiguration");
        });
    }

    @Test
    void aDirectory_hasNoRules() {
        assertThat(new LifecycleProbe(fixture.checked())
                        .findings()
                        .collectList()
                        .block())
                .isEmpty();
    }

    /** A store with rules. */
    private static final class Ruled extends ForwardingStore {
        private final Flux<LifecycleRule> rules;

        Ruled(Fixture fixture, Flux<LifecycleRule> rules) {
            super(fixture.store);
            this.rules = rules;
        }

        @Override
        public Flux<LifecycleRule> lifecycle() {
            return rules;
        }
    }
}

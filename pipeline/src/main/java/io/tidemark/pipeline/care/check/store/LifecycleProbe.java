package io.tidemark.pipeline.care.check.store;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.sinks.LifecycleRule;
import io.tidemark.sinks.StoreException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Whether a bucket deletes or archives objects by rules of its own, behind the back of those that refer to them (trap T104): a
 * full backup that is too old for a rule is what newer ones, and the way to now, may need.
 */
public final class LifecycleProbe implements Probe.Independent {
    /** Whatever lies there can be made again. */
    private static final String INDEX = "index/";

    private final CheckedRepository checked;

    public LifecycleProbe(CheckedRepository checked) {
        this.checked = checked;
    }

    @Override
    public String name() {
        return "lifecycle";
    }

    @Override
    public Flux<Finding> findings() {
        return checked.place() instanceof RepositoryPlace.Bucket
                ? checked.findings(name(), this::ofRepository)
                : Flux.empty();
    }

    private Flux<Finding> ofRepository(Repository repository) {
        return repository
                .store()
                .lifecycle()
                .filter(rule -> !rule.prefix().startsWith(INDEX))
                .map(this::warning)
                .switchIfEmpty(Flux.just(
                        Finding.ok(name(), checked + ": no lifecycle rule deletes or archives what lies there")))
                .onErrorResume(
                        StoreException.class,
                        unknown -> Flux.just(Finding.skipped(
                                name(),
                                checked + ": its lifecycle rules are not known: " + Finding.text(unknown),
                                "see to it that none deletes or archives objects there, or let check read them"
                                        + " (s3:GetLifecycleConfiguration on the bucket)")));
    }

    private Finding warning(LifecycleRule rule) {
        String which = (rule.name().isEmpty() ? "a lifecycle rule" : "the lifecycle rule \"" + rule.name() + "\"")
                + (rule.prefix().isEmpty() ? "" : " for " + rule.prefix());
        String when = after(rule.age());
        return switch (rule.effect()) {
            case DELETED ->
                Finding.warning(
                        name(),
                        checked + ": " + which + " deletes objects " + when
                                + ", also those that a backup or a restore still needs",
                        "leave deleting to tidemark: take the rule away, or restrict it to noncurrent versions and"
                                + " unfinished uploads");
            case ARCHIVED ->
                Finding.warning(
                        name(),
                        checked + ": " + which + " moves objects to an archive class " + when
                                + "; a restore would first have to wait for hours until they are thawed",
                        "take the rule away; classes that are read at once (STANDARD_IA, GLACIER_IR) are fine");
        };
    }

    private static String after(@Nullable Duration age) {
        return age == null ? "at a date" : "after " + age.toDays() + (age.toDays() == 1 ? " day" : " days");
    }
}

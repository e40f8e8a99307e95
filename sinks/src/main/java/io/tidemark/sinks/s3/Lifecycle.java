package io.tidemark.sinks.s3;

import io.tidemark.sinks.LifecycleRule;
import io.tidemark.sinks.LifecycleRule.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.Transition;
import software.amazon.awssdk.services.s3.model.TransitionStorageClass;

/**
 * A bucket's lifecycle rules as far as they concern the objects below one root. Rules for noncurrent versions and unfinished uploads
 * do not, nor rules for tagged objects, since ours have no tags.
 *
 * <p>Source: Amazon S3 API Reference, GetBucketLifecycleConfiguration.
 */
final class Lifecycle {
    /** Those that are not read at once: Glacier Instant Retrieval is. */
    private static final Set<TransitionStorageClass> ARCHIVES =
            Set.of(TransitionStorageClass.GLACIER, TransitionStorageClass.DEEP_ARCHIVE);

    private final String root;

    Lifecycle(String root) {
        this.root = root;
    }

    List<LifecycleRule> of(List<software.amazon.awssdk.services.s3.model.LifecycleRule> rules) {
        List<LifecycleRule> ours = new ArrayList<>();
        for (software.amazon.awssdk.services.s3.model.LifecycleRule rule : rules) {
            String prefix = prefix(rule);
            if (rule.status() == ExpirationStatus.ENABLED && !isForTags(rule.filter()) && concerns(prefix)) {
                ofRule(rule, prefix.length() > root.length() ? prefix.substring(root.length()) : "", ours);
            }
        }
        return ours;
    }

    private boolean concerns(String prefix) {
        return prefix.startsWith(root) || root.startsWith(prefix);
    }

    private static void ofRule(
            software.amazon.awssdk.services.s3.model.LifecycleRule rule, String prefix, List<LifecycleRule> ours) {
        String name = rule.id() == null ? "" : rule.id();
        if (rule.expiration() != null
                && (rule.expiration().days() != null || rule.expiration().date() != null)) {
            ours.add(new LifecycleRule(
                    name, Effect.DELETED, prefix, age(rule.expiration().days())));
        }
        for (Transition transition : rule.transitions()) {
            if (ARCHIVES.contains(transition.storageClass())) {
                ours.add(new LifecycleRule(name, Effect.ARCHIVED, prefix, age(transition.days())));
            }
        }
    }

    private static @Nullable Duration age(@Nullable Integer days) {
        return days == null ? null : Duration.ofDays(days);
    }

    /** Of three places, for the interface grew: the rule's own, the filter's, or that of the filter's conjunction. */
    @SuppressWarnings("deprecation") // the rule's own is what buckets have that were set up long ago
    private static String prefix(software.amazon.awssdk.services.s3.model.LifecycleRule rule) {
        LifecycleRuleFilter filter = rule.filter();
        if (filter != null && filter.prefix() != null) {
            return filter.prefix();
        }
        if (filter != null && filter.and() != null && filter.and().prefix() != null) {
            return filter.and().prefix();
        }
        return rule.prefix() == null ? "" : rule.prefix();
    }

    private static boolean isForTags(@Nullable LifecycleRuleFilter filter) {
        return filter != null
                && (filter.tag() != null
                        || filter.and() != null && !filter.and().tags().isEmpty());
    }
}

package io.tidemark.pipeline.care.check.store;

import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.RecipientKind;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.care.keyset.KeysetStatus;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.keys.GenerationProblem;
import io.tidemark.pipeline.keys.GenerationStatus;
import io.tidemark.pipeline.keys.KeysetAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;

/** Whether each repository's keyset opens, by whom, and what deserves a look: what {@code keys status} reports. */
public final class KeysetProbe implements Probe.Independent {
    private final ClusterSettings cluster;
    private final KeysetAccess access;
    private final List<CheckedRepository> repositories;

    public KeysetProbe(ClusterSettings cluster, KeysetAccess access, List<CheckedRepository> repositories) {
        this.cluster = cluster;
        this.access = access;
        this.repositories = List.copyOf(repositories);
    }

    @Override
    public String name() {
        return "keyset";
    }

    @Override
    public Flux<Finding> findings() {
        return new KeysetStatus(access)
                .of(repositories.stream().map(CheckedRepository::root).toList())
                .collectList()
                .flatMapIterable(this::judged);
    }

    private List<Finding> judged(List<KeysetStatus.Root> roots) {
        int newest = roots.stream().mapToInt(KeysetStatus.Root::used).max().orElse(0);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < roots.size(); i++) {
            CheckedRepository repository = repositories.get(i);
            of(repository, roots.get(i), newest).forEach(finding -> findings.add(repository.weighed(finding)));
        }
        requireOneCluster(roots, findings);
        roots.stream()
                .filter(root -> root.root() != null && cluster.root() == null)
                .findFirst()
                .ifPresent(root -> findings.add(rootNotConfigured(root)));
        return findings;
    }

    private List<Finding> of(CheckedRepository repository, KeysetStatus.Root root, int newest) {
        Throwable failure = root.failure();
        if (failure != null) {
            return List.of(Finding.failed(name(), repository + ": ", failure));
        }
        List<Finding> findings = new ArrayList<>();
        for (GenerationStatus status : root.generations()) {
            GenerationProblem problem = status.problem();
            if (problem != null && isWrong(problem)) {
                findings.add(Finding.failed(
                        name(),
                        FailureKind.INTEGRITY,
                        repository + ": " + problem,
                        "somebody else writes there, or its disk fails; `tidemark keys status` shows every generation. "
                                + "Archiving goes on under generation " + root.used()));
            }
        }
        if (root.remembered() > root.used()) {
            findings.add(Finding.failed(
                    name(),
                    FailureKind.INTEGRITY,
                    repository + ": this node has used generation " + root.remembered() + ", the highest there is "
                            + root.used(),
                    "a generation was deleted or rolled back; `tidemark init` copies it from another repository"));
        } else if (root.used() < newest) {
            findings.add(Finding.failed(
                    name(),
                    FailureKind.INTEGRITY,
                    repository + " has generation " + root.used() + ", another repository " + newest,
                    "tidemark keys rotate      completes it"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(name(), repository + ": generation " + root.used() + ", " + opened(root)));
        }
        generation(root)
                .filter(generation ->
                        generation.recipients().stream().noneMatch(r -> r.kind() == RecipientKind.RECOVERY))
                .ifPresent(generation -> findings.add(noRecoveryKey(repository)));
        return findings;
    }

    /** A lower generation that was made for other recipients is nothing to worry about. */
    private static boolean isWrong(GenerationProblem problem) {
        return switch (problem.kind()) {
            case DAMAGED, OTHER_CLUSTER, OTHER_ROOT, NOT_READABLE, TOO_FAR -> true;
            case NOT_A_RECIPIENT, OTHER_KEY, ROOT_NOT_KNOWN -> false;
        };
    }

    private static Optional<Generation> generation(KeysetStatus.Root root) {
        return root.generations().stream()
                .filter(status -> status.number() == root.used())
                .map(GenerationStatus::generation)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static String opened(KeysetStatus.Root root) {
        String recipients = generation(root)
                .map(generation -> generation.recipients().stream()
                        .map(recipient -> recipient.kind().word() + " \"" + recipient.name() + "\"")
                        .collect(Collectors.joining(", ")))
                .orElse("");
        return "opened by " + root.openedBy() + "; recipients: " + recipients;
    }

    private Finding noRecoveryKey(CheckedRepository repository) {
        return Finding.warning(
                name(),
                repository
                        + ": no recovery key among the recipients, so the loss of the daily key is the loss of every backup",
                "tidemark keys recovery-key --out recovery.key; add `- { recovery: …/recovery.key.pub }` to "
                        + "keys.recipients; tidemark keys rotate");
    }

    private Finding rootNotConfigured(KeysetStatus.Root root) {
        return Finding.warning(
                name(),
                "cluster." + cluster.name() + ".root is not configured: a keyset that somebody slips into a repository "
                        + "cannot be told from the cluster's own",
                "compare with the recovery sheet, then configure cluster." + cluster.name() + ".root: " + root.root());
    }

    private void requireOneCluster(List<KeysetStatus.Root> roots, List<Finding> findings) {
        List<String> uuids = roots.stream()
                .map(KeysetStatus.Root::uuid)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (uuids.size() > 1) {
            findings.add(Finding.failed(
                    name(),
                    FailureKind.INTEGRITY,
                    "the repositories are of different clusters: " + String.join(", ", uuids),
                    "one configured directory is another cluster's"));
        }
    }
}

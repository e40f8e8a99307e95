package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.pipeline.config.Requirement;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

final class OpenedRepositoriesTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();

    @AfterEach
    void dispose() {
        timer.dispose();
    }

    @Test
    void optionalThatHangsInOpening_isGivenUp() {
        StepVerifier.create(OpenedRepositories.inTime(settings(Requirement.OPTIONAL), Mono.never(), timer))
                .then(() -> timer.advanceTimeBy(OpenedRepositories.PATIENCE))
                .verifyErrorMatches(error ->
                        error instanceof DeadlinePassed && "it did not answer within 60 s".equals(error.getMessage()));
    }

    @Test
    void requiredThatHangsInOpening_isWaitedFor() {
        StepVerifier.create(OpenedRepositories.inTime(settings(Requirement.REQUIRED), Mono.never(), timer))
                .expectSubscription()
                .then(() -> timer.advanceTimeBy(OpenedRepositories.PATIENCE.multipliedBy(10)))
                .thenCancel()
                .verify();
    }

    private static RepositorySettings settings(Requirement requirement) {
        return new RepositorySettings("paris", new RepositoryPlace.Directory(Path.of("/backup")), requirement);
    }
}

package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.postgres.BaseBackupCommand;
import io.tidemark.pipeline.postgres.BaseBackupMessage;
import io.tidemark.pipeline.postgres.TimelineHistoryFile;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A running server to which an online backup is connected. Whoever opened it closes it. */
interface ServerSession {
    /** As it was when the session began. */
    OnlineServer server();

    /**
     * About what the server's databases take, those that the role may not connect to counted as nothing. The server looks at every
     * file for it.
     */
    Mono<Long> databaseBytes();

    /** Starts a base backup: its messages, read as they are asked for; cancel ends it on the server too. */
    Flux<BaseBackupMessage> baseBackup(BaseBackupCommand command);

    /** A timeline's history file, of which the server still has its copy. */
    Mono<TimelineHistoryFile> history(TimelineId timeline);

    /** The server's clock: commits are compared with it. */
    Mono<Instant> now();

    /** Why WAL may not come, in a few words. */
    Mono<String> archiver();

    Mono<Void> close();
}

package io.tidemark.pipeline.care.check.probe;

import java.util.List;
import reactor.core.publisher.Flux;

/**
 * One thing that archiving, backup or restore needs, looked at. Which of the two it is says what it needs itself: nothing
 * but what it was made with, or what a server says of itself.
 *
 * <p>A probe says all that it finds, at least one finding; an error is a finding too, made by who runs it. It writes and
 * switches nothing that it was not made for, and undoes on cancel what it has made.
 */
public sealed interface Probe {

    /** As it stands on the line, a word or two. */
    String name();

    /** Looks by itself, at files and repositories. */
    non-sealed interface Independent extends Probe {
        /** Cold; in order; completes. */
        Flux<Finding> findings();
    }

    /** Judges what a server says of itself. Pure. */
    non-sealed interface OfServer extends Probe {
        List<Finding> findings(ServerState server);
    }
}

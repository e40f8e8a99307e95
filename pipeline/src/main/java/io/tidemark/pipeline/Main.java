package io.tidemark.pipeline;

import io.tidemark.pipeline.cli.BugReport;
import io.tidemark.pipeline.cli.Commands;
import io.tidemark.pipeline.cli.Console;
import io.tidemark.pipeline.cli.Contract;
import io.tidemark.pipeline.cli.ErrorText;
import io.tidemark.pipeline.cli.ExitCode;
import io.tidemark.pipeline.cli.GlobalOptions.Verbosity;
import io.tidemark.pipeline.cli.HandParser;
import io.tidemark.pipeline.cli.Invocation;
import io.tidemark.pipeline.cli.LauncherWord;
import io.tidemark.pipeline.config.DeadlinePassed;
import io.tidemark.pipeline.config.StoreFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** The program: one switch over commands, one place that waits for the answer, one exit. */
public final class Main {
    private static final long LOOK_EVERY_MILLIS = 1000;

    private final String[] args;
    private final Console console;
    private final Contract contract;

    private Main(String[] args, Console console) {
        this.args = args;
        this.console = console;
        this.contract = Contract.of(args);
    }

    public static void main(String[] args) {
        // Netty's allocator registers events with the flight recorder at its first buffer: a quarter of the processor
        // time of archive-push (2026-11-27, JDK 17: 970 ms with it, 690 without, class data shared).
        System.setProperty("io.netty.jfr.enabled", "false");
        System.exit(new Main(args, Console.standard(System.getenv(), Verbosity.NORMAL)).run());
    }

    /** Whatever is thrown, errors of the JVM included, ends in a number that the caller can read. */
    private int run() {
        ExitCode code;
        try {
            code = await(parse());
            if (console.out().checkError()) {
                throw new StoreFailed("standard output could not be written");
            }
            LauncherWord.ofThisProcess().say(code);
        } catch (MoreLibrariesNeeded needed) {
            return again(needed);
        } catch (Throwable failure) {
            code = told(failure);
        }
        return contract.number(code);
    }

    /** Without a launcher there is nobody who could. */
    private int again(MoreLibrariesNeeded needed) {
        try {
            if (LauncherWord.ofThisProcess().askForMore()) {
                return MoreLibrariesNeeded.NUMBER;
            }
        } catch (IOException e) {
            needed.addSuppressed(e);
        }
        return contract.number(told(needed));
    }

    private Invocation parse() {
        if (HandParser.asksForHelp(args)) {
            return Commands.parse(args);
        }
        return switch (contract) {
            case ARCHIVE_COMMAND -> HandParser.archivePush(args);
            case RESTORE_COMMAND -> HandParser.archiveGet(args);
            case TABLE, NAGIOS -> Commands.parse(args);
        };
    }

    /**
     * The verb runs on a thread of its own: this one only waits, so that neither a signal nor the deadline depends on what the operating
     * system does with a file of the verb's, the configuration included.
     */
    private ExitCode await(Invocation invocation) throws Throwable {
        Wiring wiring = new Wiring(
                invocation.options(), console.with(invocation.options().verbosity()), contract);
        CompletableFuture<ExitCode> answer = new CompletableFuture<>();
        Disposable.Swap running = Disposables.swap();
        // An error that kills a thread (Reactor passes on those of the JVM itself) would leave us waiting for ever.
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> answer.completeExceptionally(error));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupted(answer, running, wiring), "signal"));
        Thread verb = new Thread(
                () -> running.update(Mono.defer(() -> invocation.verb().run(wiring))
                        .subscribe(
                                answer::complete, answer::completeExceptionally, () -> answer.complete(ExitCode.DONE))),
                "verb");
        verb.setDaemon(true);
        verb.start();
        try {
            return within(answer, wiring);
        } catch (TimeoutException e) {
            running.dispose();
            wiring.settle();
            throw new DeadlinePassed(
                    HandParser.command(args) + " did not end within "
                            + wiring.deadline().toSeconds() + " s",
                    e);
        } catch (ExecutionException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** Looked at once a second, since the deadline is known only when the verb has read the configuration. */
    private static ExitCode within(CompletableFuture<ExitCode> answer, Wiring wiring)
            throws InterruptedException, ExecutionException, TimeoutException {
        long start = System.nanoTime();
        while (true) {
            Duration left = wiring.deadline().minusNanos(System.nanoTime() - start);
            if (left.isNegative() || left.isZero()) {
                throw new TimeoutException();
            }
            try {
                return answer.get(Math.min(left.toMillis() + 1, LOOK_EVERY_MILLIS), TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                continue;
            }
        }
    }

    /** SIGTERM and SIGINT: undo what is half done, then end with the number that the caller reads rightly. */
    private void interrupted(CompletableFuture<ExitCode> answer, Disposable running, Wiring wiring) {
        if (answer.isDone()) {
            return;
        }
        running.dispose();
        wiring.settle();
        console.err().println("tidemark: interrupted");
        Runtime.getRuntime().halt(contract.interrupted());
    }

    private ExitCode told(Throwable failure) {
        ExitCode code = ExitCode.of(failure);
        console.err().println(code == ExitCode.BUG ? BugReport.of(failure, args).tell() : ErrorText.of(failure));
        return code;
    }
}

package io.tidemark.pipeline.care.demo;

import io.tidemark.pipeline.care.scratch.Programs;
import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import io.tidemark.pipeline.config.PostgresFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tidemark as it is installed: at its place, or launcher and jars copied into a scratch directory where they can be read by
 * all and changed by the caller alone, for a source tree below {@code /root} cannot be read by whom root's scratch servers
 * run as.
 */
public final class Product {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Programs programs;
    private final Path launcher;
    private final Path configuration;
    private final Path workingDirectory;

    private Product(Programs programs, Path launcher, Path configuration, Path workingDirectory) {
        this.programs = programs;
        this.launcher = launcher;
        this.configuration = configuration;
        this.workingDirectory = workingDirectory;
    }

    /**
     * The installation at its place if the servers' account can read it there, where its class-data archives fit; else a
     * copy.
     */
    static Product forAccountOf(
            Installation original, ScratchDirectory scratch, Programs programs, Path configuration) {
        Programs.Outcome unreadable = programs.run(
                List.of(
                        "find",
                        "-L",
                        original.launcher().toString(),
                        original.libraries().toString(),
                        "-maxdepth",
                        "1",
                        "!",
                        "-readable"),
                scratch.root(),
                LIMIT);
        return unreadable.succeeded() && unreadable.output().isBlank()
                ? new Product(programs, original.launcher(), configuration, scratch.root())
                : install(original, scratch, "tidemark", programs, configuration);
    }

    /**
     * Copies {@code original} to {@code <scratch>/<place>}.
     *
     * @param configuration the file that its commands will read
     */
    public static Product install(
            Installation original, ScratchDirectory scratch, String place, Programs programs, Path configuration) {
        scratch.readable(place);
        Path bin = scratch.readable(place + "/bin");
        Path lib = scratch.readable(place + "/lib");
        try {
            Path launcher = copy(original.launcher(), bin, "rwxr-xr-x");
            for (Path file : original.files()) {
                copy(file, lib, "rw-r--r--");
            }
            return new Product(programs, launcher, configuration, scratch.root());
        } catch (IOException e) {
            throw new PostgresFailed("cannot copy Tidemark to " + scratch.root(), e);
        }
    }

    private static Path copy(Path file, Path directory, String permissions) throws IOException {
        Path target = directory.resolve(file.getFileName().toString());
        Files.copy(file, target);
        // a class-data archive knows its jars by their time
        Files.setLastModifiedTime(target, Files.getLastModifiedTime(file));
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(permissions));
        return target;
    }

    /** The same installation with another configuration file. */
    public Product withConfiguration(Path other) {
        return new Product(programs, launcher, other, workingDirectory);
    }

    /** The same installation, its commands started in another directory. */
    public Product in(Path directory) {
        return new Product(programs, launcher, configuration, directory);
    }

    public Path launcher() {
        return launcher;
    }

    public Path configuration() {
        return configuration;
    }

    /** {@code archive_command} for a server of this scratch directory. */
    public String archiveCommand() {
        return launcher + " archive-push --config " + configuration + " %p";
    }

    /** Runs one command to its end. */
    public Programs.Outcome run(String verb, String... arguments) {
        return programs.run(commandLine(verb, arguments), workingDirectory, LIMIT);
    }

    /** Starts a command. */
    public Programs.Running start(String verb, String... arguments) {
        return programs.start(commandLine(verb, arguments), workingDirectory);
    }

    private List<String> commandLine(String verb, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(launcher.toString(), verb, "--config", configuration.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Where the running Tidemark came from.
     *
     * @param launcher the script
     * @param libraries the directory of its jars and class-data archives
     */
    public record Installation(Path launcher, Path libraries) {
        List<Path> files() throws IOException {
            try (Stream<Path> files = Files.list(libraries)) {
                return files.filter(file -> file.toString().matches(".*\\.(jar|jsa)"))
                        .sorted()
                        .toList();
            }
        }
    }
}

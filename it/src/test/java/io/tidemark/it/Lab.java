package io.tidemark.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.care.demo.Product;
import io.tidemark.pipeline.care.scratch.PostgresArchive;
import io.tidemark.pipeline.care.scratch.Programs;
import io.tidemark.pipeline.care.scratch.ScratchDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * One scratch directory for the whole run, with Tidemark installed in it and PostgreSQL unpacked once a version. Given
 * to tests as a parameter. As root everything in it runs as an unprivileged user. Removed at the end.
 */
final class Lab implements AutoCloseable {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Lab.class);
    private static final int LOG_CHARACTERS = 6_000;

    private final ScratchDirectory scratch = ScratchDirectory.create("tidemark-it-");
    private final Programs programs;
    private final Product product;
    private final Map<Integer, Path> installations = new TreeMap<>();
    private final Thread hook = new Thread(this::strike, "lab-strike");
    private int clusters;

    Lab() {
        programs = Programs.in(scratch, Clock.systemUTC());
        product = install("tidemark");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private Product install(String place) {
        Path root = Path.of(System.getProperty("tidemark.root"));
        Product.Installation built = new Product.Installation(
                root.resolve("deploy/bin/tidemark"), root.resolve("pipeline/target/tidemark/lib"));
        Product installed =
                Product.install(built, scratch, place, programs, scratch.root().resolve("tidemark.yaml"));
        quicken(installed);
        return installed;
    }

    /** Class-data archives for the Java of this run: without them the scenarios take about half as long again. */
    private static void quicken(Product installed) {
        Path root = Path.of(System.getProperty("tidemark.root"));
        Path script = installed.launcher().resolveSibling("tidemark-class-data");
        try {
            Files.copy(root.resolve("deploy/bin/tidemark-class-data"), script, StandardCopyOption.COPY_ATTRIBUTES);
            ProcessBuilder made = new ProcessBuilder(
                    script.toString(),
                    root.resolve("it/src/test/resources/frozen").toString());
            made.environment()
                    .put(
                            "TIDEMARK_JAVA",
                            Path.of(System.getProperty("java.home"), "bin/java").toString());
            Process process = made.redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
            System.out.print(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Tidemark once more, for a test that breaks it. */
    Product anotherInstallation() {
        return install("tidemark-" + nextName());
    }

    ScratchDirectory scratch() {
        return scratch;
    }

    Programs programs() {
        return programs;
    }

    Product product() {
        return product;
    }

    /** The programs of a major version. */
    Path postgres(int major) {
        return installations.computeIfAbsent(major, this::unpack);
    }

    private Path unpack(int major) {
        Path directory = scratch.readable("postgresql-" + major);
        PostgresArchive.in(archive(major)).unpackInto(directory);
        return directory;
    }

    /** The build has put the archives of all versions beside each other. */
    private static Path archive(int major) {
        Path directory = Path.of(System.getProperty("tidemark.root"), "it/target/postgres");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(".*-amd64-" + major + "\\..*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no archive of PostgreSQL " + major + " in " + directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A name for a cluster's directory that no other test of the run uses. */
    synchronized String nextName() {
        clusters++;
        return "c" + clusters;
    }

    private void strike() {
        programs.killAll();
        scratch.close();
    }

    @Override
    public void close() {
        strike();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    /** What the servers have said of late, of those whose clusters are still there. */
    private String lastLogs() {
        StringBuilder logs = new StringBuilder();
        try (Stream<Path> files = Files.walk(scratch.root(), 3)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                String all = Files.readString(log, StandardCharsets.UTF_8);
                logs.append(log.getFileName())
                        .append(" of ")
                        .append(Files.getLastModifiedTime(log))
                        .append(":\n")
                        .append(all.substring(Math.max(0, all.length() - LOG_CHARACTERS)))
                        .append('\n');
            }
        } catch (IOException | UncheckedIOException e) {
            logs.append("(and no more of the logs: ").append(e.getMessage()).append(')');
        }
        return logs.toString();
    }

    /** Gives the run's one lab to whoever asks for it, and the servers' logs to whoever looks into a failure. */
    static final class Provided implements ParameterResolver, TestExecutionExceptionHandler {
        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
            Lab lab = context.getRoot().getStore(NAMESPACE).get(Lab.class, Lab.class);
            if (lab != null) {
                System.out.println(
                        "logs of the servers when " + context.getDisplayName() + " failed\n" + lab.lastLogs());
            }
            throw failure;
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Lab.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot().getStore(NAMESPACE).computeIfAbsent(Lab.class, type -> new Lab(), Lab.class);
        }
    }
}

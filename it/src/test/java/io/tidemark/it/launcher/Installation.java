package io.tidemark.it.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A directory with {@code bin/tidemark} and {@code lib/*.jar}, to be broken at will. */
record Installation(Path prefix) {

    /** The launcher and the real jars. */
    static Installation real(Path prefix) throws IOException {
        Installation installation = bare(prefix);
        try (Stream<Path> jars = Files.list(sourceTree().resolve("pipeline/target/tidemark/lib"))) {
            for (Path jar :
                    jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                Files.createLink(installation.lib().resolve(jar.getFileName()), jar);
            }
        }
        return installation;
    }

    /** The launcher and a jar of {@link #STAND_IN}. */
    static Installation standIn(Path prefix, Path jar) throws IOException {
        Installation installation = bare(prefix);
        Files.copy(jar, installation.lib().resolve("pipeline-0.jar"));
        return installation;
    }

    /** A jar of {@link #STAND_IN}, made in an empty directory. */
    static Path standInJar(Path directory) throws IOException {
        Path source = Files.createDirectories(directory.resolve("source/io/tidemark/pipeline"))
                .resolve("Main.java");
        Files.writeString(source, STAND_IN);
        Path classes = Files.createDirectories(directory.resolve("classes"));
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(
                        InputStream.nullInputStream(),
                        null,
                        null,
                        "--release",
                        "17",
                        "-d",
                        classes.toString(),
                        source.toString());
        if (compiled != 0) {
            throw new AssertionError("the stand-in does not compile");
        }
        String name = "io/tidemark/pipeline/Main.class";
        Path file = directory.resolve("pipeline-0.jar");
        try (OutputStream stream = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(stream)) {
            jar.putNextEntry(new JarEntry(name));
            jar.write(Files.readAllBytes(classes.resolve(name)));
        }
        return file;
    }

    private static Installation bare(Path prefix) throws IOException {
        Files.createDirectories(prefix.resolve("bin"));
        Files.createDirectories(prefix.resolve("lib"));
        Path launcher = prefix.resolve("bin/tidemark");
        Files.copy(sourceTree().resolve("deploy/bin/tidemark"), launcher);
        return new Installation(prefix);
    }

    static Path sourceTree() {
        return Path.of(System.getProperty("tidemark.root"));
    }

    Path launcher() {
        return prefix.resolve("bin/tidemark");
    }

    Path lib() {
        return prefix.resolve("lib");
    }

    /** The one jar whose name begins so. */
    Path jar(String start) throws IOException {
        try (Stream<Path> jars = Files.list(lib())) {
            List<Path> found = jars.filter(file -> file.getFileName().toString().startsWith(start))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError("jars that begin with " + start + ": " + found);
            }
            return found.get(0);
        }
    }

    /** In place of Java: the same orders, without those that need a JVM. */
    static final String QUICK_JAVA = """
            for argument; do
                case $argument in
                    -Dtidemark.launcher.nonce=*) nonce=${argument#*=} ;;
                    *sdk-core-0.jar*) more=yes ;;
                esac
                last=$argument
            done
            for order in $STAND_IN; do
                rest=${order#*:}
                case $order in
                    word:*) echo "$rest $nonce" >/proc/$$/fd/3 ;;
                    lie:*) echo "$rest ${nonce}0" >/proc/$$/fd/3 ;;
                    half:*) printf %s "$rest" >/proc/$$/fd/3 ;;
                    exit:*) exit "$rest" ;;
                    more:*) [ -n "$more" ] || { echo "$rest $nonce" >/proc/$$/fd/3; exit 66; } ;;
                    file:*) printf %s "$rest" >"$last" ;;
                    mkdir) mkdir "$last" ;;
                    kill:*) kill -"$rest" $$ ;;
                    *) exit 99 ;;
                esac
            done
            """;

    /** Obeys the environment variable STAND_IN: words that are done one after the other. */
    static final String STAND_IN = """
            package io.tidemark.pipeline;

            import java.nio.file.Files;
            import java.nio.file.Path;
            import java.nio.file.StandardOpenOption;

            public final class Main {
                public static void main(String[] args) throws Exception {
                    for (String order : System.getenv("STAND_IN").split(" ")) {
                        String[] parts = order.split(":", 2);
                        String nonce = System.getProperty("tidemark.launcher.nonce");
                        switch (parts[0]) {
                            case "word" -> say(parts[1] + " " + nonce + "\\n");
                            case "lie" -> say(parts[1] + " " + nonce.replace(nonce.charAt(0), 'z') + "\\n");
                            case "half" -> say(parts[1]);
                            case "exit" -> System.exit(Integer.parseInt(parts[1]));
                            case "file" -> Files.writeString(Path.of(args[args.length - 1]), parts[1]);
                            case "mkdir" -> Files.createDirectory(Path.of(args[args.length - 1]));
                            case "get" -> System.out.println(parts[1] + "=" + System.getenv(parts[1]));
                            case "property" -> System.out.println(parts[1] + "=" + System.getProperty(parts[1]));
                            case "args" -> System.out.println(String.join("|", args));
                            case "echo" -> System.out.println(new String(System.in.readAllBytes()));
                            case "heap" -> System.out.println("heap=" + (Runtime.getRuntime().maxMemory() >> 20));
                            case "oom" -> { long[][] all = new long[1 << 20][]; for (int i = 0; ; i++) all[i] = new long[1 << 16]; }
                            case "kill" -> {
                                new ProcessBuilder("kill", "-" + parts[1], "" + ProcessHandle.current().pid()).start().waitFor();
                                Thread.sleep(60_000);
                            }
                            case "stay" -> { Files.writeString(Path.of(parts[1]), "x"); Thread.sleep(60_000); }
                            case "onterm" -> Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(Integer.parseInt(parts[1]))));
                            default -> throw new IllegalArgumentException(order);
                        }
                    }
                }

                private static void say(String text) throws Exception {
                    Path descriptor = Path.of("/proc/self/fd/" + System.getProperty("tidemark.launcher.descriptor"));
                    Files.writeString(descriptor, text, StandardOpenOption.WRITE);
                }
            }
            """;
}

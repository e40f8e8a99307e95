package io.tidemark.sinks.testing.s3;

/**
 * A {@link ScriptedS3} as a program of its own: says its endpoint in one line, and serves until its standard input ends. What
 * Tidemark's classes are loaded against when class-data archives are made.
 */
public final class ScriptedS3Program {
    private ScriptedS3Program() {}

    public static void main(String... args) throws Exception {
        try (ScriptedS3 server = ScriptedS3.playing()) {
            System.out.println(server.endpoint());
            while (System.in.read() >= 0) {
                // whoever started this has closed nothing yet
            }
        }
    }
}

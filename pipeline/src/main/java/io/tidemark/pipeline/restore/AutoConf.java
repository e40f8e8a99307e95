package io.tidemark.pipeline.restore;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code postgresql.auto.conf} with the settings of a recovery: earlier ones that would contradict them are taken out, for two
 * {@code recovery_target…} of different kinds keep the server from starting; every other line stays as it was, byte for byte.
 * Source: PostgreSQL 17, {@code ParseConfigFp} (guc-file.l), {@code error_multiple_recovery_targets} (xlogrecovery.c).
 */
final class AutoConf {
    private static final Pattern NAME = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_$.]*)(?:[\\s=].*|)", Pattern.DOTALL);

    private AutoConf() {}

    /**
     * What the new file holds, and which lines of the old one were taken out.
     *
     * @param content text of Latin-1, which keeps every byte
     */
    record Rewritten(String content, List<String> removed) {
        Rewritten {
            removed = List.copyOf(removed);
        }

        byte[] bytes() {
            return content.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * @param old the file as it was backed up, empty where there was none
     * @param settings appended; their names are removed from the old text too
     * @param heading a comment over them, one line without its {@code #}
     */
    static Rewritten rewrite(byte[] old, List<ServerSetting> settings, String heading) {
        Set<String> replaced = settings.stream().map(ServerSetting::name).collect(Collectors.toUnmodifiableSet());
        StringBuilder content = new StringBuilder(old.length + 1024);
        List<String> removed = new ArrayList<>();
        String text = new String(old, StandardCharsets.ISO_8859_1);
        for (int at = 0; at < text.length(); ) {
            int newline = text.indexOf('\n', at);
            int end = newline < 0 ? text.length() : newline;
            String line = text.substring(at, end);
            if (isOurs(line, replaced)) {
                removed.add(line.strip());
            } else {
                content.append(line).append('\n');
            }
            at = end + 1;
        }
        content.append("# ").append(heading).append('\n');
        for (ServerSetting setting : settings) {
            byte[] utf8 = setting.line().getBytes(StandardCharsets.UTF_8);
            content.append(new String(utf8, StandardCharsets.ISO_8859_1)).append('\n');
        }
        return new Rewritten(content.toString(), removed);
    }

    private static boolean isOurs(String line, Set<String> replaced) {
        String name = name(line);
        return replaced.contains(name) || name.equals("recovery_target") || name.startsWith("recovery_target_");
    }

    // names of settings are not case sensitive, and "=" may be left out
    private static String name(String line) {
        Matcher matcher = NAME.matcher(line);
        return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    }
}

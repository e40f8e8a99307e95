package io.tidemark.pipeline.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the declarations of {@link Settings} say, for people: docs/configuration.md, and a file to start from. */
public final class ConfigurationReference {
    private static final int WIDTH = 118;
    /** Of what a repository needs that is no directory. */
    private static final String BUCKET = "repository.*.s3.";
    /** And of key providers that are no file. */
    private static final String VAULT = "keys.provider.*.vault.";

    private static final String KMIP = "keys.provider.*.kmip.";

    private ConfigurationReference() {}

    /** docs/configuration.md; a test fails where the file differs. */
    public static String markdown() {
        StringBuilder text = new StringBuilder("""
                # Configuration

                <!-- Generated from the settings' declarations by `tidemark config reference`. Edit those, not this. -->

                `/etc/tidemark/tidemark.yaml`, or the file that `--config` or `TIDEMARK_CONFIG` names. Each setting can also be given
                in the environment and on the command line; the later wins: file, environment, option. One rule gives the other two
                forms: `cluster.prod.data-directory` is `TIDEMARK_CLUSTER__PROD__DATA_DIRECTORY` in the environment (`__` for the
                dot, `_` for the hyphen, list items by number: `TIDEMARK_KEYS__RECIPIENTS__0__PROVIDER`) and
                `--set cluster.prod.data-directory=…` on the command line. All of it may come from `--set`, without a file.

                The file must belong to root or to the caller and not be writable by others; so must key files, which others may not
                read either. Names of clusters, repositories and providers are `[a-z][a-z0-9-]{0,62}`. A key that is not listed here
                is an error, as is a key that is given twice. `tidemark config show` prints what is in force, with `--origin` where each
                value comes from; `tidemark config template` prints a file to start from.
                """);
        String group = "";
        for (Setting<?> setting : Settings.ALL) {
            String top = Setting.split(setting.pattern()).get(0);
            if (!top.equals(group)) {
                group = top;
                text.append("\n## ").append(top).append("\n");
            }
            describe(setting, text);
        }
        text.append("\n## Planned\n\nKnown by name, not in this version (exit code 3): ");
        List<String> planned = new ArrayList<>();
        Settings.PLANNED.forEach(pattern -> planned.add("`" + readable(pattern) + "`"));
        return text.append(String.join(", ", planned)).append(".\n").toString();
    }

    private static void describe(Setting<?> setting, StringBuilder text) {
        String key = readable(setting.pattern());
        text.append("\n### `").append(key).append("`\n\n");
        text.append(setting.documentation()).append("\n\n");
        text.append("- Value: ").append(setting.type().expected()).append("\n");
        String byDefault = setting.byDefault();
        text.append("- Default: ")
                .append(byDefault == null ? "none" : "`" + byDefault + "`")
                .append("\n");
        text.append("- Example: `--set ")
                .append(exampleKey(setting))
                .append("=")
                .append(setting.example())
                .append("`, `")
                .append(variable(exampleKey(setting)))
                .append("`\n");
    }

    private static String readable(String pattern) {
        return pattern.replace(".**", ".…").replace("*", "<name>").replace("#", "<n>");
    }

    private static String exampleKey(Setting<?> setting) {
        List<String> names = new ArrayList<>();
        for (String part : Setting.split(setting.pattern())) {
            if (part.equals("*")) {
                names.add(name(setting.pattern()));
            } else if (part.equals("#")) {
                names.add("0");
            }
        }
        return setting.key(names.toArray(String[]::new));
    }

    /** The name that examples use for what the user names. */
    private static String name(String pattern) {
        return switch (Setting.split(pattern).get(0)) {
            case "cluster" -> "prod";
            case "repository" -> pattern.startsWith(BUCKET) ? "paris" : "local";
            default -> pattern.startsWith(VAULT) ? "vault" : pattern.startsWith(KMIP) ? "kms" : "box";
        };
    }

    static String variable(String key) {
        return "TIDEMARK_" + key.replace(".", "__").replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** A commented tidemark.yaml: what has a default is commented out, the rest is filled with examples. */
    public static String template() {
        StringBuilder text = new StringBuilder("""
                # Tidemark's configuration: /etc/tidemark/tidemark.yaml, owned by root or by PostgreSQL's user, not writable by others.
                # Every setting, with its default or an example; docs/configuration.md says more.
                """);
        List<String> open = List.of();
        for (Setting<?> setting : Settings.ALL) {
            List<String> key = templateKey(setting);
            boolean item = setting.pattern().contains(".#.");
            int same = shared(open, key);
            for (int level = same; level < key.size() - 1; level++) {
                if (!item || level < key.size() - 2) {
                    boolean quiet = level > 0 && isOptional(setting);
                    text.append(level == 0 ? "\n" : "");
                    indent(text, level, quiet).append(key.get(level)).append(":\n");
                }
            }
            if (item) {
                boolean more = setting == Settings.RECIPIENT_KEY || setting == Settings.RECIPIENT_HOW;
                comment(text, key.size() - (more ? 1 : 2), setting.documentation());
                text.append("  ".repeat(key.size() - 2))
                        .append(more ? "  #" : "- ")
                        .append(key.get(key.size() - 1))
                        .append(": ")
                        .append(setting.example())
                        .append("\n");
                open = key.subList(0, key.size() - 2);
            } else {
                comment(text, key.size() - 1, setting.documentation());
                indent(text, key.size() - 1, isOptional(setting))
                        .append(key.get(key.size() - 1))
                        .append(": ")
                        .append(isList(setting) ? "[ " + setting.example() + " ]" : setting.example())
                        .append("\n");
                open = key.subList(0, key.size() - 1);
            }
        }
        return text.toString();
    }

    private static boolean isList(Setting<?> setting) {
        return setting.pattern().endsWith(".#");
    }

    /** A list of values stands on the line of its name. */
    private static List<String> templateKey(Setting<?> setting) {
        List<String> key = Setting.split(exampleKey(setting));
        return isList(setting) ? key.subList(0, key.size() - 1) : key;
    }

    private static boolean isOptional(Setting<?> setting) {
        return setting.byDefault() != null
                || setting == Settings.ROOT
                || setting == Settings.NODE
                || setting.pattern().startsWith(BUCKET)
                || setting.pattern().startsWith(VAULT)
                || setting.pattern().startsWith(KMIP);
    }

    private static int shared(List<String> a, List<String> b) {
        int same = 0;
        while (same < a.size() && same < b.size() - 1 && a.get(same).equals(b.get(same))) {
            same++;
        }
        return same;
    }

    private static StringBuilder indent(StringBuilder text, int level, boolean commented) {
        return text.append("  ".repeat(level)).append(commented ? "#" : "");
    }

    private static void comment(StringBuilder text, int level, String words) {
        String margin = "  ".repeat(level) + "# ";
        StringBuilder line = new StringBuilder(margin);
        for (String word : words.split(" ", -1)) {
            if (line.length() + word.length() > WIDTH && line.length() > margin.length()) {
                text.append(line.toString().stripTrailing()).append("\n");
                line = new StringBuilder(margin);
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append("\n");
    }
}

package io.tidemark.pipeline.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: file, then environment, then options, the later over the earlier, value by value. All that is wrong is told
 * at once.
 */
public final class ConfigurationReader {
    private static final Path DEFAULT_FILE = Path.of("/etc/tidemark/tidemark.yaml");
    private static final int MOST_BYTES = 1 << 20;
    private static final String PREFIX = "TIDEMARK_";

    private final Path workingDirectory;
    private final Faults faults = new Faults();
    private final List<Given> given = new ArrayList<>();

    private ConfigurationReader(Path workingDirectory) {
        this.workingDirectory = workingDirectory;
    }

    /**
     * @param config what {@code --config} said, or null
     * @param set what {@code --set} said, in order
     * @param workingDirectory relative paths of the two are relative to it
     * @throws UsageError with all faults; {@link NotInThisVersion} where these are only settings that are planned
     */
    public static EffectiveConfiguration read(
            @Nullable String config, List<String> set, Map<String, String> environment, Path workingDirectory) {
        ConfigurationReader reader = new ConfigurationReader(workingDirectory);
        reader.readFile(config, environment);
        reader.readEnvironment(environment);
        reader.readOptions(set);
        EffectiveConfiguration effective = new ConfigurationBuilder(reader.given, reader.faults).build();
        if (!reader.faults.isEmpty()) {
            throw reader.faults.exception();
        }
        return effective;
    }

    private void readFile(@Nullable String config, Map<String, String> environment) {
        String named = config != null ? config : environment.getOrDefault("TIDEMARK_CONFIG", "");
        try {
            Path file = named.isEmpty() ? DEFAULT_FILE : workingDirectory.resolve(named);
            OwnFile.of(file).requireTrusted("configuration file");
            if (Files.size(file) > MOST_BYTES) {
                throw new UsageError("configuration file " + file + " is longer than " + MOST_BYTES + " bytes");
            }
            given.addAll(YamlSettings.read(decode(file, Files.readAllBytes(file)), file.toString(), faults));
        } catch (NoSuchFileException e) {
            if (!named.isEmpty()) {
                throw new UsageError(
                        "configuration file " + named + " does not exist",
                        "named by " + (config != null ? "--config" : "TIDEMARK_CONFIG"),
                        e);
            }
        } catch (InvalidPathException e) {
            throw new UsageError("the configuration file's name is no path: " + e.getReason(), e);
        } catch (IOException e) {
            throw new UsageError("the configuration file cannot be read: " + e, e);
        }
    }

    private static String decode(Path file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UsageError("configuration file " + file + " is not UTF-8", e);
        }
    }

    /** {@code TIDEMARK_CLUSTER__PROD__DATA_DIRECTORY}; variables without {@code __} are not settings. */
    private void readEnvironment(Map<String, String> environment) {
        Map<String, String> seen = new HashMap<>();
        for (String variable : new TreeSet<>(environment.keySet())) {
            if (!variable.startsWith(PREFIX) || variable.indexOf("__") < 0) {
                continue;
            }
            String key = variable.substring(PREFIX.length())
                    .toLowerCase(Locale.ROOT)
                    .replace("__", ".")
                    .replace('_', '-');
            String twin = seen.put(key, variable);
            if (twin != null) {
                faults.add(Origin.environment(variable), "says the same as " + twin + ": " + key);
            }
            add(key, String.valueOf(environment.get(variable)), Origin.environment(variable));
        }
    }

    private void readOptions(List<String> set) {
        for (String assignment : set) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                // Not repeated: a secret may have lost its key.
                faults.add(Origin.option(), "expected KEY=VALUE");
                continue;
            }
            String key = assignment.substring(0, equals);
            add(key, fromHere(key, assignment.substring(equals + 1)), Origin.option());
        }
    }

    /** A path that is typed may be relative; in a file or a variable it would mean another place for every caller. */
    private String fromHere(String key, String value) {
        boolean path = Settings.of(Setting.split(key))
                .filter(setting -> setting.type() instanceof SettingType.AbsolutePath)
                .isPresent();
        try {
            return path && !value.isEmpty() ? workingDirectory.resolve(value).toString() : value;
        } catch (InvalidPathException e) {
            return value;
        }
    }

    private void add(String key, String value, Origin origin) {
        given.add(new Given(key, value, Given.Form.VALUE, origin));
    }
}

package io.tidemark.pipeline.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** From written values to the records: each value by its declaration, then what only several values together can get wrong. */
final class ConfigurationBuilder {
    private static final int MOST_RECIPIENTS = 100;

    private final Faults faults;
    private final Map<String, Given> values = new LinkedHashMap<>();
    private final List<EffectiveConfiguration.Line> lines = new ArrayList<>();
    private final Set<String> partlyPlanned = new HashSet<>();
    private final Set<String> faulty = new HashSet<>();
    private final SortedSet<String> clusters = new TreeSet<>();
    private final SortedSet<String> repositories = new TreeSet<>();
    private final SortedSet<String> providers = new TreeSet<>();
    private int recipients;

    /** @param given the later wins */
    ConfigurationBuilder(List<Given> given, Faults faults) {
        this.faults = faults;
        for (Given one : given) {
            values.remove(one.key());
            values.put(one.key(), one);
        }
    }

    EffectiveConfiguration build() {
        values.values().forEach(this::check);
        SortedMap<String, ClusterSettings> clusterSettings = new TreeMap<>();
        for (String name : clusters) {
            clusterSettings.put(name, cluster(name));
        }
        SortedMap<String, RepositorySettings> repositorySettings = new TreeMap<>();
        for (String name : repositories) {
            repository(name).ifPresent(settings -> repositorySettings.put(name, settings));
        }
        SortedMap<String, KeyProviderSettings> providerSettings = new TreeMap<>();
        for (String name : providers) {
            provider(name).ifPresent(settings -> providerSettings.put(name, settings));
        }
        Configuration configuration = new Configuration(
                clusterSettings,
                repositorySettings,
                new KeySettings(
                        providerSettings,
                        recipients(),
                        orNull(Settings.RECOVERY_KEY),
                        orNull(Settings.RECOVERY_PASSPHRASE),
                        orNull(Settings.MEMORY_DIRECTORY)),
                new ArchivePushSettings(required(Settings.PUSH_DEADLINE)),
                new ArchiveGetSettings(required(Settings.GET_DEADLINE), required(Settings.GET_PATIENCE)),
                new BackupDefaults(
                        required(Settings.BACKUP_CHECKPOINT),
                        orNull(Settings.BACKUP_MAX_RATE),
                        required(Settings.BACKUP_ARCHIVE_TIMEOUT)),
                new Limits(
                        required(Settings.MEMORY),
                        required(Settings.WORKERS),
                        orNull(Settings.UPLOAD),
                        orNull(Settings.DOWNLOAD)),
                new CompressionSettings(required(Settings.COMPRESSION_LEVEL)));
        return new EffectiveConfiguration(configuration, lines);
    }

    /** One value by itself: known, well named, of the right type. */
    private void check(Given one) {
        List<String> key = Setting.split(one.key());
        if (!namesAreGood(one, key)) {
            return;
        }
        Optional<Setting<?>> setting = Settings.of(key);
        if (setting.isPresent()) {
            declare(key);
            checkValue(one, setting.get());
        } else if (Settings.isPlanned(key)) {
            if (one.form() != Given.Form.NOTHING) {
                faults.planned(one.origin(), one.key());
            }
            partlyPlanned.add(String.join(".", key.subList(0, Math.max(2, nameAt(key) + 1))));
        } else if (Settings.isGroup(key)) {
            if (one.isValue()) {
                faults.add(one.origin(), one.key() + " is no setting itself; below it: " + listBelow(key));
            } else {
                declare(key);
            }
        } else {
            faults.add(one.origin(), UnknownSetting.describe(one.key(), key));
        }
    }

    private boolean namesAreGood(Given one, List<String> key) {
        int name = nameAt(key);
        if (name < 0 || Names.isName(key.get(name))) {
            return true;
        }
        faults.add(
                one.origin(),
                one.key() + ": \"" + key.get(name) + "\" is no name: expected a-z, then up to 62 of a-z, 0-9 and -");
        return false;
    }

    /** Which part of a key is a name that the user chose; -1 for none. */
    private static int nameAt(List<String> key) {
        if (key.size() > 1 && (key.get(0).equals("cluster") || key.get(0).equals("repository"))) {
            return 1;
        }
        return key.size() > 2 && key.get(0).equals("keys") && key.get(1).equals("provider") ? 2 : -1;
    }

    private void declare(List<String> key) {
        int name = nameAt(key);
        if (name >= 0) {
            switch (key.get(0)) {
                case "cluster" -> clusters.add(key.get(name));
                case "repository" -> repositories.add(key.get(name));
                default -> providers.add(key.get(name));
            }
        } else if (key.size() > 2 && key.get(1).equals("recipients")) {
            recipients = Math.max(recipients, Integer.parseInt(key.get(2)) + 1);
        }
    }

    private void checkValue(Given one, Setting<?> setting) {
        boolean good = one.isValue() && setting.type().parse(one.text()).isPresent();
        if (good || one.form() == Given.Form.NOTHING) {
            return;
        }
        faulty.add(one.key());
        boolean shown = one.isValue() && setting.disclosure() == Setting.Disclosure.OPEN;
        faults.add(
                one.origin(),
                one.key() + ": expected " + setting.type().expected() + (shown ? ", not \"" + one.text() + "\"" : ""));
    }

    private static String listBelow(List<String> key) {
        return String.join(", ", Settings.below(key));
    }

    /** The value in force, noted for {@code config show}; empty where none is given and there is no default. */
    private <T> Optional<T> value(Setting<T> setting, String... names) {
        String key = setting.key(names);
        Given one = values.get(key);
        String text = setting.byDefault();
        Origin origin = Origin.BY_DEFAULT;
        if (one != null && one.isValue() && !faulty.contains(key)) {
            text = one.text();
            origin = one.origin();
        }
        if (text == null) {
            return Optional.empty();
        }
        lines.add(new EffectiveConfiguration.Line(key, text, origin.text()));
        return setting.type().parse(text);
    }

    private <T> T required(Setting<T> setting, String... names) {
        return value(setting, names)
                .orElseThrow(() -> new IllegalStateException(setting.pattern() + " has a default that it refuses"));
    }

    private <T> @Nullable T orNull(Setting<T> setting, String... names) {
        return value(setting, names).orElse(null);
    }

    private ClusterSettings cluster(String name) {
        required(Settings.TDE_STATE, name);
        return new ClusterSettings(
                name,
                orNull(Settings.DATA_DIRECTORY, name),
                orNull(Settings.ROOT, name),
                orNull(Settings.NODE, name),
                orNull(Settings.CONNECTION, name));
    }

    private Optional<RepositorySettings> repository(String name) {
        Optional<Path> directory = value(Settings.DIRECTORY, name);
        Requirement requirement = required(Settings.REQUIRED, name);
        if (directory.isEmpty()) {
            missing(Settings.DIRECTORY.key(name), "repository." + name);
            return Optional.empty();
        }
        return Optional.of(new RepositorySettings(name, directory.get(), requirement));
    }

    private Optional<KeyProviderSettings> provider(String name) {
        Optional<Path> file = value(Settings.PROVIDER_FILE, name);
        if (file.isEmpty()) {
            missing(Settings.PROVIDER_FILE.key(name), "keys.provider." + name);
            return Optional.empty();
        }
        return Optional.of(new KeyProviderSettings.FromFile(name, file.get()));
    }

    private void missing(String key, String group) {
        if (!faulty.contains(key) && !partlyPlanned.contains(group)) {
            faults.add(originOf(group), key + " is missing");
        }
    }

    /** Where a group is written first. */
    private Origin originOf(String group) {
        for (Given one : values.values()) {
            if (one.key().equals(group) || one.key().startsWith(group + ".")) {
                return one.origin();
            }
        }
        return Origin.BY_DEFAULT;
    }

    private List<RecipientSettings> recipients() {
        List<RecipientSettings> list = new ArrayList<>();
        if (recipients > MOST_RECIPIENTS) {
            faults.add(originOf("keys.recipients"), "keys.recipients: more than " + MOST_RECIPIENTS + " items");
            return list;
        }
        for (int i = 0; i < recipients; i++) {
            String number = Integer.toString(i);
            Optional<String> provider = value(Settings.RECIPIENT_PROVIDER, number);
            Optional<Path> recovery = value(Settings.RECIPIENT_RECOVERY, number);
            String item = "keys.recipients." + i;
            if (provider.isPresent() == recovery.isPresent()) {
                if (!faulty.contains(item + ".provider") && !faulty.contains(item + ".recovery")) {
                    faults.add(originOf(item), item + ": expected either provider or recovery");
                }
            } else if (recovery.isPresent()) {
                list.add(new RecipientSettings.Recovery(recovery.get()));
            } else {
                provider.ifPresent(name -> ofProvider(item, name).ifPresent(list::add));
            }
        }
        return list;
    }

    private Optional<RecipientSettings> ofProvider(String item, String name) {
        if (!providers.contains(name)) {
            if (!partlyPlanned.contains("keys.provider." + name)) {
                faults.add(
                        originOf(item),
                        item + ".provider: no such provider under keys.provider"
                                + Nearest.of(name, providers)
                                        .map(n -> "; nearest: " + n)
                                        .orElse(""));
            }
            return Optional.empty();
        }
        return Optional.of(new RecipientSettings.OfProvider(name));
    }
}

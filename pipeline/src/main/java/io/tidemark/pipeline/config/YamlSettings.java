package io.tidemark.pipeline.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * The configuration file as a flat list of values with their lines. Of YAML only mappings, lists and scalars are taken, every scalar as the
 * text that stands there: no anchors or aliases (which let a small file grow without end), no tags, no second document, no key twice.
 * Read from the parser's events, not as composed nodes: composing recurses once a level, and a hostile file decides how often.
 */
final class YamlSettings {
    private static final int MOST_LEVELS = 8;
    private static final int MOST_VALUES = 10_000;

    private final String file;
    private final Faults faults;
    private final List<Given> given = new ArrayList<>();
    private final Deque<Level> levels = new ArrayDeque<>();
    private int documents;

    private enum Form {
        MAPPING,
        LIST
    }

    /** One open mapping or list. */
    private static final class Level {
        final String prefix;
        final Form form;
        final int line;
        final Set<String> keys = new HashSet<>();

        @Nullable
        String key;

        int items;

        Level(String prefix, Form form, int line) {
            this.prefix = prefix;
            this.form = form;
            this.line = line;
        }

        /** The dotted key of the value that comes next. */
        String next() {
            String part = form == Form.LIST ? Integer.toString(items) : String.valueOf(key);
            return prefix.isEmpty() ? part : prefix + "." + part;
        }

        void taken() {
            key = null;
            items++;
        }
    }

    private YamlSettings(String file, Faults faults) {
        this.file = file;
        this.faults = faults;
    }

    /** What could be read before the first error of syntax; that error, and all others, are in {@code faults}. */
    static List<Given> read(String text, String file, Faults faults) {
        YamlSettings reader = new YamlSettings(file, faults);
        reader.read(text);
        return reader.given;
    }

    private void read(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        ParserImpl events = new ParserImpl(settings, new StreamReader(settings, text));
        try {
            boolean goOn = true;
            while (goOn && events.hasNext()) {
                goOn = take(events.next());
            }
        } catch (MarkedYamlEngineException e) {
            // The message would quote the file, in which secrets may stand.
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            faults.add(Origin.file(file, line), "is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            faults.add(Origin.file(file, 1), "is no YAML: it holds a character that YAML does not allow");
        }
    }

    private boolean take(Event event) {
        int line = event.getStartMark().map(Mark::getLine).orElse(0) + 1;
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            faults.add(Origin.file(file, line), "anchors and aliases are not taken here");
            return false;
        }
        return switch (event.getEventId()) {
            case DocumentStart -> document(line);
            case MappingStart -> open(line, Form.MAPPING);
            case SequenceStart -> open(line, Form.LIST);
            case MappingEnd, SequenceEnd -> close();
            case Scalar -> scalar((ScalarEvent) event, line);
            case Alias, Comment, DocumentEnd, StreamStart, StreamEnd -> true;
        };
    }

    private boolean document(int line) {
        documents++;
        if (documents > 1) {
            faults.add(Origin.file(file, line), "only one YAML document is taken");
            return false;
        }
        return true;
    }

    private boolean open(int line, Form form) {
        Level level = levels.peek();
        if (level == null) {
            if (form == Form.LIST) {
                faults.add(Origin.file(file, line), "expected a mapping of settings, not a list");
                return false;
            }
            levels.push(new Level("", form, line));
            return true;
        }
        if (level.form == Form.MAPPING && level.key == null) {
            faults.add(Origin.file(file, line), "a key is a word, not a mapping or a list");
            return false;
        }
        if (levels.size() >= MOST_LEVELS) {
            faults.add(Origin.file(file, line), "more than " + MOST_LEVELS + " levels deep");
            return false;
        }
        String prefix = level.next();
        level.taken();
        levels.push(new Level(prefix, form, line));
        return true;
    }

    private boolean close() {
        Level level = levels.pop();
        if (level.items == 0 && !level.prefix.isEmpty()) {
            given.add(new Given(level.prefix, "", Given.Form.EMPTY_GROUP, Origin.file(file, level.line)));
        }
        return true;
    }

    private boolean scalar(ScalarEvent scalar, int line) {
        Level level = levels.peek();
        Origin here = Origin.file(file, line);
        if (level == null) {
            // An empty document is one empty scalar.
            if (!isNothing(scalar)) {
                faults.add(here, "expected a mapping of settings");
            }
            return isNothing(scalar);
        }
        if (scalar.getTag().isPresent()) {
            faults.add(here, "tags are not taken here");
            return false;
        }
        if (level.form == Form.MAPPING && level.key == null) {
            return key(level, scalar.getValue(), here);
        }
        if (given.size() >= MOST_VALUES) {
            faults.add(here, "more than " + MOST_VALUES + " values");
            return false;
        }
        boolean nothing = isNothing(scalar);
        given.add(new Given(
                level.next(), nothing ? "" : scalar.getValue(), nothing ? Given.Form.NOTHING : Given.Form.VALUE, here));
        level.taken();
        return true;
    }

    private boolean key(Level level, String key, Origin here) {
        level.key = key;
        if (key.isEmpty() || key.indexOf('.') >= 0) {
            faults.add(here, "\"" + key + "\" is no key: write the parts of a dotted key as mappings in each other");
            return false;
        }
        if (!level.keys.add(key)) {
            faults.add(here, level.next() + " is given twice");
        }
        return true;
    }

    private static boolean isNothing(ScalarEvent scalar) {
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN) {
            return false;
        }
        String text = scalar.getValue();
        return text.isEmpty() || text.equals("null") || text.equals("~");
    }
}

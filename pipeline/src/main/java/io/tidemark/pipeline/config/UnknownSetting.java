package io.tidemark.pipeline.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is said about a key that is no setting: the nearest that is one, with the user's own names in it. */
final class UnknownSetting {
    private UnknownSetting() {}

    static String describe(String written, List<String> key) {
        List<String> candidates = new ArrayList<>();
        for (Setting<?> setting : Settings.ALL) {
            candidates.add(inTheWordsOf(key, Setting.split(setting.pattern())));
        }
        Optional<String> nearest = Nearest.of(written, candidates);
        if (nearest.isPresent()) {
            return "no setting " + written + "; nearest: " + nearest.get();
        }
        List<String> known = key;
        while (!known.isEmpty() && !Settings.isGroup(known)) {
            known = known.subList(0, known.size() - 1);
        }
        String where = known.isEmpty() ? "" : " below " + String.join(".", known);
        return "no setting " + written + "; known" + where + ": " + String.join(", ", Settings.below(known));
    }

    private static String inTheWordsOf(List<String> key, List<String> pattern) {
        StringBuilder candidate = new StringBuilder();
        for (int i = 0; i < pattern.size(); i++) {
            String part = pattern.get(i);
            boolean open = part.equals("*") || part.equals("#");
            String word = open && i < key.size() ? key.get(i) : open ? "name" : part;
            candidate.append(i == 0 ? "" : ".").append(word);
        }
        return candidate.toString();
    }
}

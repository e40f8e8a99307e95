package io.tidemark.it.s3.policy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An identity's policy, as much of the language as deploy/policies uses; anything else in a file is refused, so that no word of it goes
 * unnoticed.
 */
final class Policy {
    private static final Set<String> WORDS = Set.of("Sid", "Effect", "Action", "Resource", "Condition");

    private final List<Statement> statements;

    private record Statement(
            boolean allows,
            List<Pattern> actions,
            List<Pattern> resources,
            List<Predicate<Map<String, String>>> conditions) {}

    private Policy(List<Statement> statements) {
        this.statements = statements;
    }

    /** One of deploy/policies, for this bucket and root. */
    static Policy of(String name, String bucket, String root) {
        Path file = Path.of(System.getProperty("tidemark.root"), "deploy/policies", name + ".json");
        try {
            return parse(Files.readString(file).replace("BUCKET", bucket).replace("ROOT", root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Policy parse(String json) {
        JsonObject policy = JsonParser.parseString(json).getAsJsonObject();
        if (!policy.get("Version").getAsString().equals("2012-10-17")) {
            throw new IllegalArgumentException("no policy of this language");
        }
        List<Statement> statements = new ArrayList<>();
        for (JsonElement element : policy.getAsJsonArray("Statement")) {
            JsonObject statement = element.getAsJsonObject();
            if (!WORDS.containsAll(statement.keySet())) {
                throw new IllegalArgumentException("unknown words in " + statement);
            }
            statements.add(new Statement(
                    statement.get("Effect").getAsString().equals("Allow"),
                    patterns(statement.get("Action")),
                    patterns(statement.get("Resource")),
                    conditions(statement.getAsJsonObject("Condition"))));
        }
        return new Policy(statements);
    }

    private static List<Predicate<Map<String, String>>> conditions(@Nullable JsonObject given) {
        List<Predicate<Map<String, String>>> conditions = new ArrayList<>();
        for (Map.Entry<String, JsonElement> operator :
                given == null ? Set.<Map.Entry<String, JsonElement>>of() : given.entrySet()) {
            operator.getValue()
                    .getAsJsonObject()
                    .entrySet()
                    .forEach(key -> conditions.add(condition(operator.getKey(), key.getKey(), key.getValue())));
        }
        return conditions;
    }

    private static Predicate<Map<String, String>> condition(String operator, String key, JsonElement value) {
        return switch (operator) {
            case "StringLike" -> {
                List<Pattern> patterns = patterns(value);
                yield context -> context.containsKey(key) && any(patterns, context.get(key));
            }
            case "Null" -> context -> context.containsKey(key) != value.getAsBoolean();
            case "Bool" -> context -> value.getAsString().equals(context.get(key));
            default -> throw new IllegalArgumentException("unknown condition " + operator);
        };
    }

    private static List<Pattern> patterns(JsonElement oneOrMany) {
        JsonArray all = new JsonArray();
        if (oneOrMany.isJsonArray()) {
            all.addAll(oneOrMany.getAsJsonArray());
        } else {
            all.add(oneOrMany);
        }
        return StreamSupport.stream(all.spliterator(), false)
                .map(text -> pattern(text.getAsString()))
                .toList();
    }

    /** A star stands for any characters, slashes too; a question mark for one. */
    private static Pattern pattern(String text) {
        return Pattern.compile(text.chars()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining()));
    }

    /** An Allow that fits and no Deny that does. */
    boolean allows(AskedAction asked) {
        Map<Boolean, Long> effects = statements.stream()
                .filter(statement -> fits(statement, asked))
                .collect(Collectors.groupingBy(Statement::allows, Collectors.counting()));
        return effects.containsKey(true) && !effects.containsKey(false);
    }

    private static boolean fits(Statement statement, AskedAction asked) {
        return any(statement.actions(), asked.action())
                && any(statement.resources(), asked.resource())
                && statement.conditions().stream().allMatch(condition -> condition.test(asked.context()));
    }

    private static boolean any(List<Pattern> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(text).matches());
    }
}

package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.tidemark.crypto.MalformedGeneration;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One {@code keys/<generation>.json}: the sealing keyset, encrypted once for each recipient. The file itself is neither
 * sealed nor signed: what makes it trusted is a recipient that opens, the commitment, and the root.
 *
 * <p>Source: docs/FORMAT.md section 4.
 *
 * @param number 1 to 99 999 999
 * @param cluster the cluster's uuid
 * @param commitment SHA-256 of the keyset's plaintext, 64 lower-case hex digits
 * @param created when it was made, to the microsecond
 * @param recipients who can open it, at least one; names are unique by kind
 */
public record Generation(int number, String cluster, String commitment, Instant created, List<Recipient> recipients) {
    public static final int MAX_NUMBER = 99_999_999;
    /** Longest file that {@link #parse} takes. */
    public static final int MAX_BYTES = 8 << 20;

    static final int MAX_RECIPIENTS = 1000;
    private static final int FORMAT = 1;
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    public Generation {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a generation without recipients could never be opened");
        }
        new KeysetContext(cluster, number, commitment);
    }

    /** What its recipients are bound to. */
    public KeysetContext context() {
        return new KeysetContext(cluster, number, commitment);
    }

    /**
     * Reads the file.
     *
     * @throws MalformedGeneration where it is not of the format, holds a field twice or one that is not known, or has
     *     another format number
     */
    public static Generation parse(byte[] json) {
        JsonObject object = StrictJson.object(json, MalformedGeneration::new);
        long format = StrictJson.integer(object, "format", 0, Integer.MAX_VALUE, MalformedGeneration::new);
        if (format != FORMAT) {
            throw new MalformedGeneration("generation of format " + format + ", this version knows " + FORMAT);
        }
        StrictJson.requireOnly(
                object,
                Set.of("format", "cluster", "generation", "commitment", "created", "recipients"),
                MalformedGeneration::new);
        List<Recipient> recipients = new ArrayList<>();
        List<JsonElement> elements = StrictJson.array(object, "recipients", MalformedGeneration::new);
        if (elements.isEmpty() || elements.size() > MAX_RECIPIENTS) {
            throw new MalformedGeneration("generation with " + elements.size() + " recipients");
        }
        for (JsonElement element : elements) {
            recipients.add(RecipientJson.read(StrictJson.asObject(element, MalformedGeneration::new)));
        }
        return new Generation(
                (int) StrictJson.integer(object, "generation", 1, MAX_NUMBER, MalformedGeneration::new),
                matching(object, "cluster", UUID),
                matching(object, "commitment", KeysetContext.SHA256),
                time(StrictJson.string(object, "created", MalformedGeneration::new)),
                recipients);
    }

    /** The file's bytes, the same for the same generation: all repositories get them identically. */
    public byte[] toJson() {
        JsonObject object = new JsonObject();
        object.addProperty("format", FORMAT);
        object.addProperty("cluster", cluster);
        object.addProperty("generation", number);
        object.addProperty("commitment", commitment);
        object.addProperty("created", TIME.format(created));
        JsonArray array = new JsonArray();
        recipients.forEach(recipient -> array.add(RecipientJson.write(recipient)));
        object.add("recipients", array);
        return (object + "\n").getBytes(UTF_8);
    }

    private static String matching(JsonObject object, String name, Pattern form) {
        String value = StrictJson.string(object, name, MalformedGeneration::new);
        if (!form.matcher(value).matches()) {
            throw new MalformedGeneration("generation's field '" + name + "' has not its form");
        }
        return value;
    }

    private static Instant time(String text) {
        try {
            return Instant.from(TIME.parse(text));
        } catch (DateTimeException e) {
            throw new MalformedGeneration("generation's field 'created' is no time in UTC with microseconds", e);
        }
    }
}

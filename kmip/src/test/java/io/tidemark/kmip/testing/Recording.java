package io.tidemark.kmip.testing;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One exchange with a real server: what was sent and what came back, as hexadecimal of the whole messages. A response that is empty
 * was never sent.
 *
 * @param peer cosmian, pykmip, gokmip or pgtde
 * @param name of the step, the same on every server
 * @param version of the request's header, as 1.4
 */
public record Recording(String peer, String name, String version, String requestHex, String responseHex) {
    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":\"((?:[^\"\\\\]++|\\\\.)*+)\"");
    private static final List<String> PEERS = List.of("cosmian", "pykmip", "gokmip", "pgtde");

    public byte[] request() {
        return HexFormat.of().parseHex(requestHex);
    }

    public byte[] response() {
        return HexFormat.of().parseHex(responseHex);
    }

    @Override
    public String toString() {
        return peer + " " + name + " " + version;
    }

    /** Some of each server, which are always there. */
    public static List<Recording> sample() {
        try (InputStream in = Recording.class.getResourceAsStream("recordings.jsonl")) {
            return read("sample", in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that were ever recorded, where the folder of fixtures lies beside the project; empty where not. */
    public static List<Recording> all() {
        Path folder = Path.of(System.getProperty("tidemark.root", "."), "..", "shared", "fixtures", "kmip");
        List<Recording> recordings = new ArrayList<>();
        for (String peer : PEERS) {
            Path file = folder.resolve(peer + ".jsonl.zst");
            if (!Files.exists(file)) {
                return List.of();
            }
            try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
                recordings.addAll(read(peer, in));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return recordings;
    }

    private static List<Recording> read(String file, InputStream in) throws IOException {
        List<Recording> recordings = new ArrayList<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            Recording recording = parse(file, line);
            if (!recording.requestHex.isEmpty()) {
                recordings.add(recording);
            }
        }
        return recordings;
    }

    private static Recording parse(String file, String line) {
        String peer = file;
        String name = "";
        String version = "";
        String request = "";
        String response = "";
        for (Matcher field = FIELD.matcher(line); field.find(); ) {
            switch (field.group(1)) {
                case "peer" -> peer = field.group(2);
                case "name", "step" -> name = field.group(2);
                case "version" -> version = field.group(2);
                case "request" -> request = field.group(2);
                case "response" -> response = field.group(2);
                default -> {}
            }
        }
        return new Recording(peer, name, version, request, response);
    }
}

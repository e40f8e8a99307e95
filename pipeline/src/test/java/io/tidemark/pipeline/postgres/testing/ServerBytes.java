package io.tidemark.pipeline.postgres.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A server's messages, byte by byte as the manual has them. */
public final class ServerBytes {
    private ServerBytes() {}

    /** What is written into a message's body. */
    private interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    private static byte[] message(char type, Body body) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            body.write(new DataOutputStream(content));
            DataOutputStream out = new DataOutputStream(all);
            out.writeByte(type);
            out.writeInt(content.size() + 4);
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.writeByte(0);
    }

    /** A header and as much of a body as the test wants. */
    public static byte[] header(char type, int length) {
        return new byte[] {
            (byte) type, (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length
        };
    }

    public static byte[] all(byte[]... messages) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        return all.toByteArray();
    }

    public static byte[] authentication(int code, byte[] data) {
        return message('R', out -> {
            out.writeInt(code);
            out.write(data);
        });
    }

    public static byte[] authenticationOk() {
        return authentication(0, new byte[0]);
    }

    public static byte[] sasl(String... mechanisms) {
        return message('R', out -> {
            out.writeInt(10);
            for (String mechanism : mechanisms) {
                text(out, mechanism);
            }
            out.writeByte(0);
        });
    }

    public static byte[] negotiation() {
        return message('v', out -> {
            out.writeInt(0);
            out.writeInt(1);
            text(out, "_pq_.unknown");
        });
    }

    public static byte[] parameter(String name, String value) {
        return message('S', out -> {
            text(out, name);
            text(out, value);
        });
    }

    public static byte[] keyData(int processId, int secret) {
        return message('K', out -> {
            out.writeInt(processId);
            out.writeInt(secret);
        });
    }

    public static byte[] ready() {
        return message('Z', out -> out.writeByte('I'));
    }

    /** All that follows a successful authentication on a primary of this version. */
    public static byte[] welcome(String version) {
        return all(
                authenticationOk(),
                parameter("server_version", version),
                parameter("in_hot_standby", "off"),
                parameter("default_transaction_read_only", "off"),
                keyData(4711, 42),
                ready());
    }

    public static byte[] columns(String... names) {
        return message('T', out -> {
            out.writeShort(names.length);
            for (String name : names) {
                text(out, name);
                out.write(new byte[18]);
            }
        });
    }

    public static byte[] row(@Nullable String... values) {
        return message('D', out -> {
            out.writeShort(values.length);
            for (String value : values) {
                byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes == null ? -1 : bytes.length);
                out.write(bytes == null ? new byte[0] : bytes);
            }
        });
    }

    public static byte[] complete(String tag) {
        return message('C', out -> text(out, tag));
    }

    public static byte[] copyOut() {
        return message('H', out -> {
            out.writeByte(0);
            out.writeShort(0);
        });
    }

    public static byte[] copyData(char type, byte[] content) {
        return message('d', out -> {
            out.writeByte(type);
            out.write(content);
        });
    }

    public static byte[] archive(String name, String path) {
        return message('d', out -> {
            out.writeByte('n');
            text(out, name);
            text(out, path);
        });
    }

    public static byte[] progress(long bytes) {
        return message('d', out -> {
            out.writeByte('p');
            out.writeLong(bytes);
        });
    }

    public static byte[] copyDone() {
        return message('c', out -> {});
    }

    public static byte[] emptyQuery() {
        return message('I', out -> {});
    }

    public static byte[] notification() {
        return message('A', out -> {
            out.writeInt(1);
            text(out, "channel");
            text(out, "");
        });
    }

    public static byte[] error(String severity, String sqlState, String text) {
        return fields('E', severity, sqlState, text);
    }

    public static byte[] notice(String severity, String sqlState, String text) {
        return fields('N', severity, sqlState, text);
    }

    private static byte[] fields(char type, String severity, String sqlState, String text) {
        return message(type, out -> {
            String[] fields = {"S" + severity, "V" + severity, "C" + sqlState, "M" + text, "Xunknown to us"};
            for (String field : fields) {
                text(out, field);
            }
            out.writeByte(0);
        });
    }

    /** A small base backup: one tablespace, the data directory, a manifest, and columns that nobody knows. */
    public static byte[] baseBackup(byte[] content) {
        return all(beforeData(), copyData('d', content), afterData());
    }

    /** A base backup up to where the first archive's bytes begin. */
    public static byte[] beforeData() {
        return all(
                columns("recptr", "tli", "walkeys"),
                row("0/2000028", "1", null),
                complete("SELECT"),
                columns("spcoid", "spclocation", "size"),
                row("16400", "/srv/ts", "1"),
                row(null, null, "23000"),
                complete("SELECT"),
                copyOut(),
                archive("16400.tar", "/srv/ts"));
    }

    /** What comes behind the first archive's bytes. */
    public static byte[] afterData() {
        return all(
                progress(512),
                notice("WARNING", "01000", "skipping special file"),
                archive("base.tar", ""),
                copyData('d', new byte[] {3}),
                copyData('m', new byte[0]),
                copyData('d', "{}".getBytes(StandardCharsets.UTF_8)),
                copyDone(),
                columns("recptr", "tli"),
                row("0/2000100", "1"),
                complete("SELECT"),
                complete("BASE_BACKUP"),
                ready());
    }
}

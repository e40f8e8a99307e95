package io.tidemark.pipeline.catalog.manifest;

import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Node;
import io.tidemark.pipeline.catalog.UtcTime;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a backup is running: the whole content of {@code intent/<n>}. Each renewal is one more, with the next number.
 *
 * @param number from 1; the highest counts
 * @param parent that an incremental one builds on
 * @param deadline after which others may put an end to it, at least an hour after the renewal
 * @param slot of the schedule that this is the backup for; null where a person asked for it
 */
public record Intent(
        BackupLabel label,
        int number,
        BackupKind backup,
        @Nullable BackupLabel parent,
        Node node,
        Instant started,
        Instant deadline,
        @Nullable String slot) {

    /** The next one. */
    public Intent renewed(Instant until) {
        return new Intent(label, number + 1, backup, parent, node, started, until, slot);
    }

    /** One line of JSON, UTF-8. */
    public byte[] write() {
        return JsonLines.line(out -> {
            out.name("format").value(1);
            out.name("label").value(label.value());
            out.name("number").value(number);
            out.name("backup").value(backup.toString());
            out.name("parent").value(parent == null ? null : parent.value());
            out.name("node").value(node.toString());
            out.name("started").value(UtcTime.format(started));
            out.name("deadline").value(UtcTime.format(deadline));
            out.name("slot").value(slot);
        });
    }

    /** @throws IllegalArgumentException saying what is wrong with the content */
    public static Intent read(byte[] content) {
        int length = content.length > 0 && content[content.length - 1] == '\n' ? content.length - 1 : content.length;
        Fields fields = new Fields(JsonTree.object(content, length));
        fields.number("format", 1, 1);
        Intent intent = new Intent(
                fields.parsed("label", BackupLabel::new),
                fields.integer("number", 1, 99_999_999),
                fields.word("backup", BackupKind.class),
                fields.isNull("parent") ? null : fields.parsed("parent", BackupLabel::new),
                fields.parsed("node", Node::new),
                fields.time("started"),
                fields.time("deadline"),
                fields.textOrNull("slot"));
        fields.end();
        return intent;
    }
}

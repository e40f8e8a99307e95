package io.tidemark.kmip.ttlv;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Items in their order, under one tag. The accessors take the children that a message needs and pass over unknown ones; they refuse what
 * no correct server sends: one value twice where one is allowed, another type, a missing field ({@link MalformedMessage}).
 */
public record Structure(Tag tag, List<TtlvItem> children) implements TtlvItem {
    public Structure {
        children = List.copyOf(children);
    }

    public static Builder of(Tag tag) {
        return new Builder(tag);
    }

    @Override
    public ItemType type() {
        return ItemType.STRUCTURE;
    }

    @Override
    public Structure under(Tag other) {
        return new Structure(other, children);
    }

    @Override
    public Structure detached() {
        return new Structure(tag, children.stream().map(TtlvItem::detached).toList());
    }

    /** Zeros over every byte string within, wherever it is lent from. */
    public void wipe() {
        for (TtlvItem child : children) {
            switch (child.type()) {
                case STRUCTURE -> ((Structure) child).wipe();
                case BYTE_STRING -> ((ByteString) child).wipe();
                default -> {}
            }
        }
    }

    /** The only child of that tag, whatever its type; null where there is none. */
    public @Nullable TtlvItem item(Tag child) {
        TtlvItem found = null;
        for (TtlvItem item : children) {
            if (item.tag().equals(child)) {
                if (found != null) {
                    throw MalformedMessage.of("%s has more than one %s", tag, child);
                }
                found = item;
            }
        }
        return found;
    }

    /** The only child of that tag, of that kind; null where there is none. */
    public <T extends TtlvItem> @Nullable T item(Tag child, Class<T> kind) {
        TtlvItem found = item(child);
        return found == null ? null : cast(found, kind);
    }

    /** The only child of that tag, of that kind, which must be there. */
    public <T extends TtlvItem> T required(Tag child, Class<T> kind) {
        T found = item(child, kind);
        if (found == null) {
            throw MalformedMessage.of("%s has no %s", tag, child);
        }
        return found;
    }

    /** All children of that tag, of that kind, in their order. */
    public <T extends TtlvItem> List<T> all(Tag child, Class<T> kind) {
        List<T> found = new ArrayList<>();
        for (TtlvItem item : children) {
            if (item.tag().equals(child)) {
                found.add(cast(item, kind));
            }
        }
        return found;
    }

    private <T extends TtlvItem> T cast(TtlvItem item, Class<T> kind) {
        if (!kind.isInstance(item)) {
            throw MalformedMessage.of("%s in %s is of type %s", item.tag(), tag, item.type());
        }
        return kind.cast(item);
    }

    public Structure structure(Tag child) {
        return required(child, Structure.class);
    }

    public String text(Tag child) {
        return required(child, TextString.class).value();
    }

    public @Nullable String textOrNull(Tag child) {
        TextString found = item(child, TextString.class);
        return found == null ? null : found.value();
    }

    public int integer(Tag child) {
        return required(child, IntegerItem.class).value();
    }

    public int integerOr(Tag child, int otherwise) {
        IntegerItem found = item(child, IntegerItem.class);
        return found == null ? otherwise : found.value();
    }

    public int enumeration(Tag child) {
        return required(child, Enumeration.class).value();
    }

    /** The value of an enumeration, or one that stands for none. */
    public int enumerationOr(Tag child, int otherwise) {
        Enumeration found = item(child, Enumeration.class);
        return found == null ? otherwise : found.value();
    }

    @Override
    public String toString() {
        return "Structure[" + tag + ", " + children.size() + " items]";
    }

    /** Adds children in the order in which the specification wants them: some servers refuse any other. */
    public static final class Builder {
        private final Tag tag;
        private final List<TtlvItem> children = new ArrayList<>();

        private Builder(Tag tag) {
            this.tag = tag;
        }

        public Builder add(TtlvItem item) {
            children.add(item);
            return this;
        }

        /** Adds what is there: an optional field that is null is left out. */
        public Builder addOptional(@Nullable TtlvItem item) {
            return item == null ? this : add(item);
        }

        public Builder addAll(List<? extends TtlvItem> items) {
            children.addAll(items);
            return this;
        }

        public Builder text(Tag child, String value) {
            return add(TextString.of(child, value));
        }

        public Builder integer(Tag child, int value) {
            return add(new IntegerItem(child, value));
        }

        public Builder enumeration(Tag child, int value) {
            return add(new Enumeration(child, value));
        }

        /** Lent bytes: they must live until the message is written. */
        public Builder bytes(Tag child, ByteBuf lent) {
            return add(new ByteString(child, lent));
        }

        public Structure build() {
            return new Structure(tag, children);
        }
    }
}

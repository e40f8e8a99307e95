package io.tidemark.kmip.testing;

import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** One key of a scripted KMS; everything under the lock of the KMS. */
final class KmsKey {
    static final int TAG_BYTES = 16;

    final String id;
    final String owner;
    final ObjectType type;
    final byte[] bytes;
    final List<TextString> names = new ArrayList<>();
    final List<Attribute> others = new ArrayList<>();
    State state = State.PRE_ACTIVE;
    UsageMask usage;
    boolean extractable = true;

    KmsKey(String id, String owner, ObjectType type, byte[] bytes, UsageMask usage) {
        this.id = id;
        this.owner = owner;
        this.type = type;
        this.bytes = bytes.clone();
        this.usage = usage;
    }

    boolean isDestroyed() {
        return state == State.DESTROYED || state == State.DESTROYED_COMPROMISED;
    }

    Attributes attributes() {
        List<Attribute> all = new ArrayList<>();
        all.add(Attribute.objectType(type));
        all.add(Attribute.algorithm(CryptographicAlgorithm.AES));
        all.add(Attribute.lengthBits(bytes.length * 8));
        all.add(Attribute.usage(usage));
        all.add(Attribute.state(state));
        for (TextString name : names) {
            all.add(new Attribute(
                    Attribute.name("any").name(),
                    names.indexOf(name),
                    Structure.of(Tag.NAME)
                            .add(name)
                            .enumeration(Tag.NAME_TYPE, 1)
                            .build()));
        }
        all.addAll(others);
        return new Attributes(all);
    }

    /** Whether it is what a Locate looks for. An attribute that is not known here fits nothing. */
    boolean fits(Attribute wanted) {
        TtlvItem value = wanted.value();
        if (value.tag().equals(Tag.NAME)) {
            return names.contains(((Structure) value).required(Tag.NAME_VALUE, TextString.class));
        }
        return attributes().list().stream()
                .anyMatch(have ->
                        have.name().equals(wanted.name()) && have.value().equals(value));
    }

    /** AES-GCM, the tag behind the ciphertext. */
    byte[] gcm(int mode, byte[] nonce, byte[] associated, byte[] in) throws AEADBadTagException {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(TAG_BYTES * 8, nonce));
            cipher.updateAAD(associated);
            return cipher.doFinal(in);
        } catch (AEADBadTagException wrong) {
            throw wrong;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java has no AES-GCM", e);
        }
    }
}

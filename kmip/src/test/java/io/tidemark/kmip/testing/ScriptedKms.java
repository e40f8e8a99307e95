package io.tidemark.kmip.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import io.tidemark.kmip.ttlv.TtlvLimits;
import io.tidemark.kmip.ttlv.TtlvReader;
import io.tidemark.kmip.ttlv.TtlvWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A KMS with keys in memory, for a {@link ScriptedKmipServer}: owners by the common name of the client's certificate, states, names,
 * AES-GCM; refusals as the server of its {@link Dialect} gives them. What goes wrong is said by operation.
 *
 * <pre>{@code
 * ScriptedKms kms = new ScriptedKms(Dialect.COSMIAN);
 * try (ScriptedKmipServer server = ScriptedKmipServer.start(pki, ServerTls.good(), kms)) {
 *     String id = kms.keep("alice", "tidemark-prod", bytes);       // Pre-Active, as pg_tde leaves its keys
 *     kms.put(id, State.DEACTIVATED);
 *     kms.distort(Operation.GET, reply -> reply.cutAt(100));       // each, until calm()
 *     kms.refuse(Operation.GET, 0x100, "out of order");
 *     kms.before(Operation.ACTIVATE, server::kill);                // done, and nothing of it answered
 * }
 * }</pre>
 */
public final class ScriptedKms implements Answerer {
    private static final int SUCCESS = 0;
    private static final int FAILED = 1;
    private static final int STOP = 2;
    private static final UsageMask ENCRYPT_AND_DECRYPT = UsageMask.ENCRYPT.and(UsageMask.DECRYPT);

    private final Dialect dialect;
    private final KmsOperations operations;
    private final List<Operation> asked = new ArrayList<>();
    private final Map<Operation, UnaryOperator<Reply>> distortions = new EnumMap<>(Operation.class);
    private final Map<Operation, KmsRefusal> refusals = new EnumMap<>(Operation.class);
    private final Map<Operation, Runnable> interruptions = new EnumMap<>(Operation.class);

    public ScriptedKms(Dialect dialect) {
        this.dialect = dialect;
        this.operations = new KmsOperations(dialect);
    }

    /** One more key, Pre-Active, to encrypt and decrypt; returns its identifier. */
    public String keep(String owner, String name, byte[] bytes) {
        return keep(owner, ObjectType.SYMMETRIC_KEY, TextString.of(Tag.NAME_VALUE, name), bytes);
    }

    /** One whose name's bytes need not be UTF-8. */
    public String keepNamed(String owner, byte[] name, byte[] bytes) {
        return keep(owner, ObjectType.SYMMETRIC_KEY, TextString.ofBytes(Tag.NAME_VALUE, name), bytes);
    }

    /** No key, but something secret under the same name. */
    public String keepSecretData(String owner, String name, byte[] bytes) {
        return keep(owner, ObjectType.SECRET_DATA, TextString.of(Tag.NAME_VALUE, name), bytes);
    }

    private synchronized String keep(String owner, ObjectType type, TextString name, byte[] bytes) {
        KmsKey key = operations.add(owner, type, bytes, ENCRYPT_AND_DECRYPT);
        key.names.add(name);
        return key.id;
    }

    /** As though it had never been. */
    public synchronized void forget(String id) {
        operations.keys.remove(id);
    }

    /** Nobody asked whether that may be. */
    public synchronized void put(String id, State state) {
        key(id).state = state;
    }

    public synchronized void permit(String id, UsageMask usage) {
        key(id).usage = usage;
    }

    /** Sensitive: whoever asks does not get it. */
    public synchronized void keepInside(String id) {
        key(id).extractable = false;
    }

    /** It has this name and no other. */
    public synchronized void rename(String id, String name) {
        key(id).names.clear();
        key(id).names.add(TextString.of(Tag.NAME_VALUE, name));
    }

    public synchronized State state(String id) {
        return key(id).state;
    }

    public synchronized UsageMask usage(String id) {
        return key(id).usage;
    }

    /** A copy of the key's bytes. */
    public synchronized byte[] bytes(String id) {
        return key(id).bytes.clone();
    }

    /** All identifiers, the oldest first, destroyed ones included. */
    public synchronized List<String> ids() {
        return List.copyOf(operations.keys.keySet());
    }

    /** Those of that name, the oldest first. */
    public synchronized List<String> named(String name) {
        TextString wanted = TextString.of(Tag.NAME_VALUE, name);
        return operations.keys.values().stream()
                .filter(key -> key.names.contains(wanted))
                .map(key -> key.id)
                .toList();
    }

    /** What was asked so far, in order, refused or not. */
    public synchronized List<Operation> asked() {
        return List.copyOf(asked);
    }

    public synchronized void forgetAsked() {
        asked.clear();
    }

    /** From now on the answer to messages of that operation is changed so. */
    public synchronized void distort(Operation operation, UnaryOperator<Reply> change) {
        distortions.put(operation, change);
    }

    /** From now on it is refused so, and not done. */
    public synchronized void refuse(Operation operation, int reason, String message) {
        refusals.put(operation, new KmsRefusal(reason, message));
    }

    /** This happens once, before the next such operation is done, as if somebody else had come first. */
    public synchronized void before(Operation operation, Runnable happening) {
        interruptions.put(operation, happening);
    }

    /** Nothing goes wrong any more. */
    public synchronized void calm() {
        distortions.clear();
        refusals.clear();
        interruptions.clear();
    }

    private KmsKey key(String id) {
        KmsKey key = operations.keys.get(id);
        if (key == null) {
            throw new AssertionError("there is no key " + id);
        }
        return key;
    }

    @Override
    public Reply answer(KmipRequest request) {
        Runnable happening = interruption(request);
        if (happening != null) {
            happening.run();
        }
        return reply(request);
    }

    private synchronized @Nullable Runnable interruption(KmipRequest request) {
        Operation operation = Operation.of(request.operation()).orElse(null);
        return operation == null ? null : interruptions.remove(operation);
    }

    private synchronized Reply reply(KmipRequest request) {
        ByteBuf bytes = Unpooled.wrappedBuffer(request.bytes());
        ProtocolVersion version = ProtocolVersion.V1_0;
        List<Structure> answers = new ArrayList<>();
        UnaryOperator<Reply> distortion = UnaryOperator.identity();
        try {
            Structure message = new TtlvReader(TtlvLimits.STANDARD).readMessage(bytes, Tag.REQUEST_MESSAGE);
            Structure header = message.structure(Tag.REQUEST_HEADER);
            version = version(header);
            for (Structure item : message.all(Tag.BATCH_ITEM, Structure.class)) {
                answers.add(item(item, version, request.client()));
                Operation operation =
                        Operation.of(item.enumeration(Tag.OPERATION)).orElseThrow();
                distortion = distortions.getOrDefault(operation, distortion);
                if (answers.get(answers.size() - 1).enumeration(Tag.RESULT_STATUS) == FAILED
                        && dialect == Dialect.PYKMIP
                        && header.enumerationOr(Tag.BATCH_ERROR_CONTINUATION_OPTION, STOP) == STOP) {
                    break;
                }
            }
        } catch (MalformedMessage | KmsRefusal refused) {
            int reason = refused instanceof KmsRefusal refusal ? refusal.reason() : KmsRefusal.NOT_UNDERSTOOD;
            answers = List.of(failed(Structure.of(Tag.BATCH_ITEM), reason, String.valueOf(refused.getMessage())));
        }
        return distortion.apply(Reply.of(encoded(version, answers)));
    }

    private ProtocolVersion version(Structure header) {
        ProtocolVersion version = ProtocolVersion.read(header.structure(Tag.PROTOCOL_VERSION));
        if (!dialect.versions().contains(version)) {
            throw new KmsRefusal(KmsRefusal.NOT_UNDERSTOOD, "KMIP " + version + " is not spoken");
        }
        return version;
    }

    private Structure item(Structure item, ProtocolVersion version, String client) {
        int code = item.enumeration(Tag.OPERATION);
        Operation operation = Operation.of(code)
                .orElseThrow(() -> new KmsRefusal(KmsRefusal.NOT_UNDERSTOOD, "operation " + code + " is unknown"));
        asked.add(operation);
        Structure.Builder answer = Structure.of(Tag.BATCH_ITEM).enumeration(Tag.OPERATION, code);
        ByteString id = item.item(Tag.UNIQUE_BATCH_ITEM_ID, ByteString.class);
        answer.addOptional(id == null ? null : id.detached());
        KmsRefusal refusal = refusals.get(operation);
        if (refusal != null) {
            return failed(answer, refusal.reason(), String.valueOf(refusal.getMessage()));
        }
        try {
            Structure payload = operations.run(operation, item.structure(Tag.REQUEST_PAYLOAD), version, client);
            return answer.enumeration(Tag.RESULT_STATUS, SUCCESS).add(payload).build();
        } catch (KmsRefusal refused) {
            return failed(answer, refused.reason(), String.valueOf(refused.getMessage()));
        }
    }

    private static Structure failed(Structure.Builder answer, int reason, String message) {
        return answer.enumeration(Tag.RESULT_STATUS, FAILED)
                .enumeration(Tag.RESULT_REASON, reason)
                .text(Tag.RESULT_MESSAGE, message)
                .build();
    }

    private static byte[] encoded(ProtocolVersion version, List<Structure> items) {
        Structure message = Structure.of(Tag.RESPONSE_MESSAGE)
                .add(Structure.of(Tag.RESPONSE_HEADER)
                        .add(version.item())
                        .add(new TtlvItem.DateTime(Tag.TIME_STAMP, 1_795_000_000L))
                        .integer(Tag.BATCH_COUNT, items.size())
                        .build())
                .addAll(items)
                .build();
        ByteBufAllocator heap = UnpooledByteBufAllocator.DEFAULT;
        ByteBuf written = TtlvWriter.write(message, heap);
        try {
            byte[] bytes = new byte[written.readableBytes()];
            written.readBytes(bytes);
            return bytes;
        } finally {
            written.release();
        }
    }
}

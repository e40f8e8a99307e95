package io.tidemark.kmip.fuzz;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.BatchResult;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestMessage;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.ResponseMessage;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.GetAttributeList;
import io.tidemark.kmip.message.attribute.GetAttributes;
import io.tidemark.kmip.message.operation.DiscoverVersions;
import io.tidemark.kmip.message.operation.Export;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.message.operation.Query;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.TtlvItem;
import io.tidemark.kmip.ttlv.TtlvLimits;
import io.tidemark.kmip.ttlv.TtlvPrinter;
import io.tidemark.kmip.ttlv.TtlvReader;
import io.tidemark.kmip.ttlv.TtlvText;
import io.tidemark.kmip.ttlv.TtlvWriter;
import java.util.List;

/**
 * What a fuzzer calls with bytes: whatever they are, they end in {@link MalformedMessage} or in a value that the second decoder reads
 * too and that writes itself as the same. Any other exception is a finding.
 *
 * <p>{@code mvn -Pfuzz -pl kmip -am verify -DskipTests} runs it under Jazzer, coverage-guided; without it, as a test, on recordings and their like.
 */
public final class ResponseTarget {
    private static final UniqueIdentifier ID = new UniqueIdentifier("38");
    private static final List<RequestPayload<?>> QUESTIONS = List.of(
            Get.of(ID),
            new Export(ID, null),
            Locate.of(Attributes.NONE),
            new GetAttributes(ID, List.of()),
            new GetAttributeList(ID),
            new Query(List.of()),
            new DiscoverVersions(List.of()));

    private ResponseTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        item(input);
        response(input);
        text(input);
    }

    private static void item(byte[] input) {
        TtlvItem item;
        try {
            item = new TtlvReader(TtlvLimits.STANDARD).read(Unpooled.wrappedBuffer(input));
        } catch (MalformedMessage expected) {
            return;
        }
        new TtlvPrinter(TtlvPrinter.Secrets.SHOWN).print(item);
        ByteBuf written = Unpooled.buffer();
        TtlvWriter.write(item, written);
        TtlvItem again = new TtlvReader(TtlvLimits.STANDARD, TtlvReader.Padding.ZEROS).read(written);
        require(again.equals(item), "what was written is another item");
        require(TtlvWriter.size(item) == written.readableBytes(), "the size is another");
        require(sameWithSecondDecoder(input, written), "the second decoder reads another value");
    }

    /** Values may be written shorter than they came: padding other than zeros, and big integers with more signs than they need. */
    private static boolean sameWithSecondDecoder(byte[] input, ByteBuf written) {
        byte[] again = new byte[written.readableBytes()];
        written.getBytes(0, again);
        SecondDecoder one = SecondDecoder.decode(input);
        return again.length < input.length
                || one.toString().equals(SecondDecoder.decode(again).toString());
    }

    private static void response(byte[] input) {
        for (RequestPayload<?> question : QUESTIONS) {
            for (ProtocolVersion version : List.of(ProtocolVersion.V1_4, ProtocolVersion.V2_1)) {
                try {
                    ResponseMessage response =
                            ResponseMessage.read(Unpooled.wrappedBuffer(input.clone()), TtlvLimits.STANDARD);
                    RequestMessage request = RequestMessage.of(version, 1, question);
                    for (BatchResult result : request.results(response)) {
                        if (result instanceof BatchResult.Success success) {
                            question.read(success.payload(), version);
                        }
                    }
                    response.items().forEach(answer -> question.read(answer.payload(), version));
                } catch (MalformedMessage expected) {
                    continue;
                }
            }
        }
    }

    private static void text(byte[] input) {
        try {
            byte[] bytes = TtlvText.bytes(input);
            require(bytes.length <= input.length, "bytes out of nothing");
        } catch (MalformedMessage expected) {
            return;
        }
    }

    private static void require(boolean holds, String finding) {
        if (!holds) {
            throw new IllegalStateException(finding);
        }
    }
}

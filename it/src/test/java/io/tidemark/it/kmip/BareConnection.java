package io.tidemark.it.kmip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tidemark.kmip.message.ResponseItem;
import io.tidemark.kmip.message.ResponseMessage;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.TtlvLimits;
import io.tidemark.kmip.ttlv.TtlvWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A connection of alice's without our client: for what others send, and for what the client never sends, to show why it does not. */
final class BareConnection implements AutoCloseable {
    private static final int MILLISECONDS = 30_000;
    private static final int HEADER_BYTES = 8;

    private final SSLSocket socket;

    private BareConnection(SSLSocket socket) {
        this.socket = socket;
    }

    static BareConnection to(KmsServer server) {
        try {
            Socket plain = new Socket();
            plain.connect(new InetSocketAddress(server.host(), server.port()), MILLISECONDS);
            SSLSocket socket = (SSLSocket) context(server.pki())
                    .getSocketFactory()
                    .createSocket(plain, server.host(), server.port(), /* autoClose= */ true);
            socket.setSoTimeout(MILLISECONDS);
            return new BareConnection(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLContext context(Pki pki) throws IOException {
        char[] password = Pki.PASSWORD.toCharArray();
        try (InputStream identity = Files.newInputStream(pki.file("client-alice.p12"));
                InputStream authority = Files.newInputStream(pki.file("ca.crt"))) {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(identity, password);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, password);
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            anchors.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(authority));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The only item of the answer to a message. */
    ResponseItem ask(Structure message) {
        ByteBuf written = TtlvWriter.write(message, UnpooledByteBufAllocator.DEFAULT);
        try {
            byte[] request = new byte[written.readableBytes()];
            written.readBytes(request);
            return ask(request);
        } finally {
            written.release();
        }
    }

    /** The only item of the answer to these bytes. */
    ResponseItem ask(byte[] request) {
        try {
            socket.getOutputStream().write(request);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] header = in.readNBytes(HEADER_BYTES);
            int length = ByteBuffer.wrap(header).getInt(4);
            byte[] answer = ByteBuffer.allocate(HEADER_BYTES + length)
                    .put(header)
                    .put(in.readNBytes(length))
                    .array();
            return ResponseMessage.read(Unpooled.wrappedBuffer(answer), TtlvLimits.STANDARD)
                    .items()
                    .get(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.tidemark.kmip.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.testing.Answerer;
import io.tidemark.kmip.testing.KmipRequest;
import io.tidemark.kmip.testing.Reply;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.kmip.tls.KmipTls;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import reactor.core.publisher.Flux;

/**
 * What the client costs above bytes over TLS: Locate and Get on a warm connection, against the same bytes to the same server by a client
 * that only counts what comes back; and Gets over four connections.
 */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
public class ClientBenchmark {
    private static final int GETS = 2000;
    private static final int AT_ONCE = 32;
    private static final Locate LOCATE = Locate.pgTdeKey("tidemark-prod");

    private Lab lab;
    private KmipClient one;
    private KmipClient four;
    private Echo echo;

    /** The answers that the key server in memory gave once, with the identifier of each request. */
    private static final class Canned implements Answerer {
        private static final String ITEM_ID = "4200930800000008";

        private final Answerer kms;
        private final Map<Integer, byte[]> answers = new ConcurrentHashMap<>();
        private final Map<Integer, byte[]> requests = new ConcurrentHashMap<>();

        Canned(Answerer kms) {
            this.kms = kms;
        }

        @Override
        public Reply answer(KmipRequest request) throws Exception {
            byte[] known = answers.get(request.operation());
            if (known == null) {
                return kms.answer(request).changed(bytes -> {
                    answers.put(request.operation(), bytes);
                    requests.put(request.operation(), request.bytes());
                    return bytes;
                });
            }
            byte[] answer = known.clone();
            int at = HexFormat.of().formatHex(answer).indexOf(ITEM_ID) / 2 + 8;
            System.arraycopy(HexFormat.of().parseHex(request.itemIds().get(0)), 0, answer, at, 8);
            return Reply.of(answer);
        }
    }

    /** Sends bytes and counts bytes, on one connection. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        private final List<byte[]> requests;
        private final List<byte[]> answers;
        private final Deque<CompletableFuture<Integer>> waiting = new ArrayDeque<>();
        private int step;
        private int left;
        private Channel channel;

        Echo(List<byte[]> requests, List<byte[]> answers) {
            this.requests = requests;
            this.answers = answers;
        }

        void open(Lab lab, KmipTls tls, int port) throws Exception {
            SslHandler handler = tls.newHandler(
                    io.netty.buffer.ByteBufAllocator.DEFAULT, "localhost", port, task -> lab.tasks.schedule(task));
            channel = new Bootstrap()
                    .group(lab.loops)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel made) {
                            made.pipeline().addLast(handler, Echo.this);
                        }
                    })
                    .connect("localhost", port)
                    .sync()
                    .channel();
            handler.handshakeFuture().sync();
        }

        int call() throws Exception {
            CompletableFuture<Integer> done = new CompletableFuture<>();
            channel.eventLoop().execute(() -> {
                waiting.add(done);
                step = 0;
                send();
            });
            return done.get(20, TimeUnit.SECONDS);
        }

        private void send() {
            left = answers.get(step).length;
            channel.writeAndFlush(Unpooled.wrappedBuffer(requests.get(step)))
                    .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf in = (ByteBuf) message;
            left -= in.readableBytes();
            in.release();
            if (left > 0) {
                return;
            }
            step++;
            if (step < requests.size()) {
                send();
            } else {
                waiting.remove().complete(step);
            }
        }
    }

    @Setup(Level.Trial)
    public void open() throws Exception {
        lab = new Lab(Files.createTempDirectory("kmip-bench"));
        Canned canned = new Canned(lab.kms);
        ScriptedKmipServer quick = ScriptedKmipServer.start(lab.pki, ServerTls.good(), canned);
        KmipSettings settings = lab.settings().withHosts(List.of(Lab.host(quick)));
        one = lab.client(settings.withPool(new PoolSettings(1, 1, java.time.Duration.ofHours(1))), lab.tls());
        four = lab.client(settings.withPool(new PoolSettings(4, 8, java.time.Duration.ofHours(1))), lab.tls());
        locateAndGet();
        List<Integer> codes = List.of(Operation.LOCATE.code(), Operation.GET.code());
        echo = new Echo(
                codes.stream().map(canned.requests::get).toList(),
                codes.stream().map(canned.answers::get).toList());
        echo.open(lab, Lab.answer(lab.tls().current()), quick.port());
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        lab.close();
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public boolean locateAndGet() {
        return Lab.isKey(one.ask(LOCATE)
                .flatMap(found -> one.ask(io.tidemark.kmip.message.operation.Get.of(found.get(0))))
                .block());
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public int theSameBytes() throws Exception {
        return echo.call();
    }

    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OperationsPerInvocation(GETS)
    @OutputTimeUnit(TimeUnit.SECONDS)
    public long getsOverFourConnections() {
        Long keys = Flux.range(0, GETS)
                .flatMap(i -> four.ask(lab.get).map(Lab::isKey), AT_ONCE)
                .filter(Boolean::booleanValue)
                .count()
                .block();
        if (keys == null || keys != GETS) {
            throw new IllegalStateException(keys + " keys");
        }
        return keys;
    }
}

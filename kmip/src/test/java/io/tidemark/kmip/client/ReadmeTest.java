package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.tls.TlsFiles;
import io.tidemark.kmip.tls.TlsOptions;
import io.tidemark.kmip.tls.TlsSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The README's lines are these, but for the names of files and hosts. */
final class ReadmeTest {
    @Test
    void theReadmesClient_findsAKey(@TempDir Path directory) {
        try (Lab lab = new Lab(directory)) {
            KmipHost dead = Lab.host(lab.another(request -> {
                throw new AssertionError("the second host is not asked");
            }));
            Path ca = lab.pki.file("ca.crt");
            Path certificate = lab.pki.file("client-alice.crt");
            Path key = lab.pki.file("client-alice.key");

            EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
            Scheduler tasks = Schedulers.newBoundedElastic(4, 1000, "kmip");
            TlsFiles files = TlsFiles.trusting(ca).with(certificate, key);
            KmipSettings settings = KmipSettings.of(List.of(Lab.host(lab.server), dead));

            KmipClient client = new KmipClient(
                    settings, new TlsSource(files, TlsOptions.STANDARD, tasks), loops, tasks, new SecureRandom());
            Mono<Integer> bits = client.ask(Locate.pgTdeKey("tidemark-prod"))
                    .flatMap(found -> client.ask(Get.of(found.get(0))))
                    .map(object -> {
                        try (object) {
                            return object.key().material().length() * 8;
                        }
                    })
                    .contextWrite(KmipClient.within(Duration.ofSeconds(10)));

            assertThat(Lab.answer(bits)).isEqualTo(128);
            client.close();
            tasks.dispose();
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Code and README are compared line by line, without space, comments and what only names files and hosts. */
    @Test
    void theReadme_hasTheLinesOfThisTest() throws IOException {
        Path root = Path.of(System.getProperty("tidemark.root", ".")).resolve("kmip");
        String readme = Files.readString(root.resolve("README.md"));
        String block = readme.substring(readme.indexOf("EventLoopGroup loops"));
        String here = stripped(Files.readString(root.resolve("src/test/java/io/tidemark/kmip/client/ReadmeTest.java")));

        List<String> lines = block.substring(0, block.indexOf("```"))
                .lines()
                .map(line -> line.replaceFirst(" {2,}//.*", ""))
                .map(ReadmeTest::stripped)
                .filter(line -> !line.isEmpty() && !line.contains("Path.of") && !line.contains("KmipHost.parse"))
                .toList();

        assertThat(lines)
                .hasSizeGreaterThan(8)
                .allSatisfy(line -> assertThat(here).contains(line));
    }

    private static String stripped(String text) {
        return text.replaceAll("\\s", "");
    }
}

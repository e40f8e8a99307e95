package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KmipException.Unreachable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A host that is gone, asked by more than there may be connections. */
final class GoneHostTest {
    @TempDir
    private Path directory;

    @Test
    void everyRequest_isToldSo_alsoThoseForWhichNoConnectionWasTried() {
        try (Lab lab = new Lab(directory)) {
            KmipClient client = lab.client(Lab.pool(2, 1));
            lab.hasKey(client);
            lab.server.stop();

            List<Class<?>> failures = Flux.range(0, 16)
                    .<Class<?>>flatMap(one -> client.ask(lab.get)
                            .<Class<?>>map(key -> key.getClass())
                            .onErrorResume(failure -> Mono.just(failure.getClass())))
                    .collectList()
                    .block(Lab.PATIENCE);

            assertThat(failures).hasSize(16).containsOnly(Unreachable.class);
        }
    }
}

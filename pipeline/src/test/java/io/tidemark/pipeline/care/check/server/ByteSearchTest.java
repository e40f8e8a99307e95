package io.tidemark.pipeline.care.check.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.tidemark.crypto.postgres.Lsn;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ByteSearchTest {
    private static final byte[] WANTED = "tidemark-tidemarl".getBytes(StandardCharsets.US_ASCII);

    private static boolean isFound(String text, int split) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        ByteSearch search = new ByteSearch(WANTED);
        search.feed(Unpooled.wrappedBuffer(bytes, 0, split));
        search.feed(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
        return search.isFound();
    }

    @Test
    void feed_atEverySplit_findsWhatIsThereEvenBehindAFalseStart() {
        String text = "..tidemark-tidemark-tidemarl.";
        for (int split = 0; split <= text.length(); split++) {
            assertThat(isFound(text, split)).as("split at " + split).isTrue();
        }
    }

    @Test
    void feed_withoutIt_findsNothing() {
        assertThat(isFound("tidemark-tidemark-tidemark", 9)).isFalse();
    }

    @Test
    void restorePoint_acrossABorderOfPages_isSetAgain() {
        assertThat(RestorePoint.isOnOnePage(Lsn.parse("0/3000090"))).isTrue();
        assertThat(RestorePoint.isOnOnePage(Lsn.parse("0/3002000"))).isTrue();
        assertThat(RestorePoint.isOnOnePage(Lsn.parse("0/3002020"))).isFalse();
    }
}

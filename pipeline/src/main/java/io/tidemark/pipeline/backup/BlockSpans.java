package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.catalog.manifest.PageChecksums;
import io.tidemark.pipeline.catalog.manifest.PageSpan;
import java.util.ArrayList;
import java.util.List;

/** Block numbers, ascending, gathered into spans; where there are too many, the last span is stretched over the rest. */
final class BlockSpans {
    private final List<PageSpan> spans = new ArrayList<>();

    void add(long block) {
        int last = spans.size() - 1;
        PageSpan before = last < 0 ? null : spans.get(last);
        if (before != null
                && (before.firstPage() + before.count() == block || spans.size() == PageChecksums.MAX_SPANS)) {
            spans.set(last, new PageSpan(before.firstPage(), block + 1 - before.firstPage()));
        } else {
            spans.add(new PageSpan(block, 1));
        }
    }

    boolean isEmpty() {
        return spans.isEmpty();
    }

    List<PageSpan> list() {
        return List.copyOf(spans);
    }
}

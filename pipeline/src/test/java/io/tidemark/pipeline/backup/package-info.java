@NullMarked
package io.tidemark.pipeline.backup;

import org.jspecify.annotations.NullMarked;

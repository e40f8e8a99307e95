@NullMarked
package io.tidemark.pipeline.catalog.manifest;

import org.jspecify.annotations.NullMarked;

@org.jspecify.annotations.NullMarked
package io.tidemark.pipeline.care.repair;

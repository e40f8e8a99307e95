/**
 * Opens repositories without Tidemark: by deploy/recover.py and by Google's Python tink.
 * Start with {@link io.tidemark.it.recover.RecoverTest}; {@link io.tidemark.it.recover.Python} finds the interpreter.
 * Flow: a root made by the vectors or by production code -> a child process -> its exit code and its output.
 * Never skips silently: what a machine lacks is named by a reason that begins with "needs: ".
 * Source: docs/FORMAT.md.
 */
@NullMarked
package io.tidemark.it.recover;

import org.jspecify.annotations.NullMarked;

/**
 * Servers that are none of ours, each a process of its own: started, waited for, struck down, and their words when a test fails.
 * Start with {@link io.tidemark.it.child.ChildServer}, which is all there is; {@code s3} and {@code kmip} say what to run.
 * Flow: start -> the ports listen -> kill -> start again on the same ports with the same data.
 * Never decides what a server is for: commands, ports and files are its caller's.
 * Source: proc(5), setsid(2).
 */
@NullMarked
package io.tidemark.it.child;

import org.jspecify.annotations.NullMarked;

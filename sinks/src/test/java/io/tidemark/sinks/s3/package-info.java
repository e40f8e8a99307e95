/**
 * Tests of the store over S3.
 * Start with {@link io.tidemark.sinks.s3.S3StoreTest}: what it asks, and what it makes of each answer.
 * Flow: the contract, requests and faults -> S3Store -> a scripted S3.
 * Never says what a real server does: `it` asks those.
 * Source: FORMAT.md section 8; Amazon S3 API Reference.
 */
@NullMarked
package io.tidemark.sinks.s3;

import org.jspecify.annotations.NullMarked;

package io.tidemark.pipeline.care.init;

import io.tidemark.pipeline.config.Requirement;
import io.tidemark.sinks.ObjectStore;
import reactor.core.publisher.Mono;

/**
 * One repository that {@code init} is to make or complete.
 *
 * @param store cold: makes the cluster's root where it is not there, probes what the store can do, and gives the store
 */
public record InitTarget(String name, Requirement requirement, Mono<ObjectStore> store) {}

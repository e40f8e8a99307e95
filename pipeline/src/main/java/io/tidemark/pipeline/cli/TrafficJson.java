package io.tidemark.pipeline.cli;

import com.google.gson.JsonObject;
import io.tidemark.sinks.decorator.Meter;
import io.tidemark.sinks.decorator.Operation;
import java.util.Map;

/** What was asked of the repositories, for scripts: who pays by request, or suspects a store, looks here. */
final class TrafficJson {
    private TrafficJson() {}

    /** {@code {"local":{"put":{"requests":7,"bytes":1234,"errors":0,"retries":0}}}}; operations that were not asked for are left out. */
    static JsonObject of(Map<String, Meter> meters) {
        JsonObject all = new JsonObject();
        meters.forEach((repository, meter) -> all.add(repository, of(meter)));
        return all;
    }

    private static JsonObject of(Meter meter) {
        JsonObject json = new JsonObject();
        for (Operation operation : Operation.values()) {
            Meter.Traffic traffic = meter.of(operation);
            if (traffic.requests() > 0) {
                JsonObject one = new JsonObject();
                one.addProperty("requests", traffic.requests());
                one.addProperty("bytes", traffic.bytes());
                one.addProperty("errors", traffic.errors());
                one.addProperty("retries", traffic.retries());
                json.add(operation.toString(), one);
            }
        }
        return json;
    }
}

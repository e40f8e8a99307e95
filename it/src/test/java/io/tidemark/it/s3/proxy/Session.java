package io.tidemark.it.s3.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** One connection of a client's: one request after the other, until either side has had enough. */
final class Session {
    private final ChaosProxy proxy;
    private final Socket client;

    Session(ChaosProxy proxy, Socket client) {
        this.proxy = proxy;
        this.client = client;
    }

    void run() throws IOException {
        InputStream in = new BufferedInputStream(client.getInputStream());
        boolean goesOn = true;
        while (goesOn) {
            HttpHead request = HttpHead.read(in);
            if (request == null) {
                return;
            }
            proxy.count(RequestKind.of(request));
            try (Exchange exchange = new Exchange(proxy, client, in, request)) {
                play(exchange, request);
                goesOn = exchange.goesOn();
            }
        }
    }

    private void play(Exchange exchange, HttpHead request) throws IOException {
        Gate.Verdict verdict = proxy.gate().on(request);
        FaultPlan.Blow blow = proxy.nextBlow();
        exchange.hold(proxy.delay());
        Gate.Refusal refusal = verdict.refusal();
        if (refusal != null) {
            exchange.readRequest();
            exchange.answer(refusal.status(), refusal.code());
            return;
        }
        exchange.send(verdict.request());
        if (blow == null) {
            exchange.pass();
        } else {
            blow.fault().play(exchange, blow.where());
        }
    }
}

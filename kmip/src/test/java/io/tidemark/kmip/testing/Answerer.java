package io.tidemark.kmip.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What a scripted server answers: called on its event loop, one request of a connection after the other; must not block. */
public interface Answerer {
    Reply answer(KmipRequest request) throws Exception;

    /** The same bytes to everything. */
    static Answerer always(byte[] response) {
        return request -> Reply.of(response);
    }

    /** The n-th request, of whichever connection, gets the n-th reply; the last reply goes on for ever. */
    static Answerer inTurn(Reply first, Reply... others) {
        Deque<Reply> left = new ArrayDeque<>(List.of(others));
        left.addFirst(first);
        return request -> {
            synchronized (left) {
                return left.size() > 1 ? left.removeFirst() : left.getFirst();
            }
        };
    }

    /**
     * What a real server answered to exactly these bytes; several answers to the same bytes in their order, the last for ever. A request
     * that was never recorded fails the test; one that got no answer gets none here.
     */
    static Answerer playing(List<Recording> recordings) {
        Map<String, Deque<Recording>> byRequest = new HashMap<>();
        for (Recording recording : recordings) {
            byRequest
                    .computeIfAbsent(recording.requestHex(), hex -> new ArrayDeque<>())
                    .add(recording);
        }
        return request -> {
            Deque<Recording> left = byRequest.get(HexFormat.of().formatHex(request.bytes()));
            if (left == null) {
                throw new AssertionError(request + " was never recorded");
            }
            synchronized (left) {
                Recording next = left.size() > 1 ? left.removeFirst() : left.getFirst();
                return next.responseHex().isEmpty() ? Reply.none() : Reply.of(next.response());
            }
        };
    }
}

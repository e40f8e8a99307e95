package io.tidemark.kmip.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

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
}

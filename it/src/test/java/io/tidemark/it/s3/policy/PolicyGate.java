package io.tidemark.it.s3.policy;

import io.tidemark.it.s3.Identity;
import io.tidemark.it.s3.proxy.Gate;
import io.tidemark.it.s3.proxy.HttpHead;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Identities with policies in front of a server that knows its owner only: what an identity has signed and may do goes on, signed by the
 * owner. A key that is absent is "access denied" to who may not list it, as S3 has it.
 */
final class PolicyGate implements Gate {
    private final Identity owner;
    private final Map<String, Guest> guests = new ConcurrentHashMap<>();

    private record Guest(Identity identity, Policy policy) {}

    PolicyGate(Identity owner) {
        this.owner = owner;
    }

    /** From now on this identity has this policy, and no other. */
    Identity let(String name, Policy policy) {
        Identity identity = new Identity("access-" + name, "secret-of-" + name);
        guests.put(identity.accessKey(), new Guest(identity, policy));
        return identity;
    }

    @Override
    public Verdict on(HttpHead request) {
        Signature signature = Signature.of(request);
        if (signature == null) {
            return refused(request, "AccessDenied");
        }
        Guest guest = guests.get(signature.accessKey());
        if (guest == null) {
            return refused(request, "InvalidAccessKeyId");
        }
        if (!signature.isOf(request, guest.identity())) {
            return refused(request, "SignatureDoesNotMatch");
        }
        return AskedAction.of(request).stream().allMatch(guest.policy()::allows)
                ? new Verdict(signature.anew(request, owner), null)
                : refused(request, "AccessDenied");
    }

    private static Verdict refused(HttpHead request, String code) {
        return new Verdict(request, new Refusal(403, code));
    }

    @Override
    public @Nullable Refusal onMissing(HttpHead request) {
        Signature signature = Signature.of(request);
        Guest guest = signature == null ? null : guests.get(signature.accessKey());
        return guest != null
                        && AskedAction.isOfObject(request)
                        && !guest.policy().allows(AskedAction.absence(request))
                ? new Refusal(403, "AccessDenied")
                : null;
    }
}

package io.tidemark.it.kmip;

import static io.tidemark.it.kmip.Clients.now;
import static io.tidemark.it.kmip.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.ProtocolViolation;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.client.KmipSettings;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.message.key.KeyBlock;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.Register;
import io.tidemark.kmip.tls.TlsFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The scenarios on Cosmian KMS. */
final class CosmianTest extends RealKmsScenarios {
    @Override
    KmsServer started(Path directory) {
        return Cosmian.startedIn(directory);
    }

    @Test
    void aKeyThatClaimsALengthThatItDoesNotHave_isKeptByTheServer_andRefusedByUs() {
        try (KeyMaterial sixteen = KeyMaterial.copyOf(SIXTEEN)) {
            Register lie = new Register(
                    Attributes.of(
                            Attribute.algorithm(CryptographicAlgorithm.AES),
                            Attribute.lengthBits(256),
                            Attribute.usage(SEALING),
                            Attribute.name(newName())),
                    ManagedObject.symmetricKey(KeyBlock.aes(sixteen)));

            UniqueIdentifier id = now(alice.ask(lie));

            assertThat(refusedGet(alice, id)).isInstanceOf(ProtocolViolation.class);
        }
    }

    @Test
    void withoutACertificate_theServerGoesAwayInSilence_andWeSayWhatThatMayMean() {
        KmipClient nobody = clients.of(
                KmipSettings.of(List.of(Clients.host(server))),
                TlsFiles.trusting(server.pki().file("ca.crt")));

        KmipException refused = refusal(nobody.version());

        assertThat(refused).isInstanceOf(TlsRefused.class);
        assertThat(((TlsRefused) refused).check())
                .isIn(TlsRefused.Check.CLIENT_SUSPECTED, TlsRefused.Check.CLIENT_MISSING);
    }
}

package io.tidemark.it.s3;

final class VersityGatewayContractTest extends ServerContract {
    private final S3Servers servers;

    VersityGatewayContractTest(S3Servers servers) {
        this.servers = servers;
    }

    @Override
    S3Server server() {
        return servers.versitygw();
    }
}

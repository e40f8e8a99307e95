package io.tidemark.it.s3;

final class S3ProxyContractTest extends ServerContract {
    private final S3Servers servers;

    S3ProxyContractTest(S3Servers servers) {
        this.servers = servers;
    }

    @Override
    S3Server server() {
        return servers.s3proxy().http();
    }
}

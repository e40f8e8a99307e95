package io.tidemark.it.s3;

final class S3ProxyTlsContractTest extends ServerContract {
    private final S3Servers servers;

    S3ProxyTlsContractTest(S3Servers servers) {
        this.servers = servers;
    }

    @Override
    S3Server server() {
        return servers.s3proxy().https();
    }
}

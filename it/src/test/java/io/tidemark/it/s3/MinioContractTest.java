package io.tidemark.it.s3;

final class MinioContractTest extends ServerContract {
    private final S3Servers servers;

    MinioContractTest(S3Servers servers) {
        this.servers = servers;
    }

    @Override
    S3Server server() {
        return servers.minio();
    }
}

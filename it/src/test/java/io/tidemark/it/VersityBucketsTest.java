package io.tidemark.it;

import io.tidemark.it.s3.S3Servers;

/** The second region is versitygw, where there is one. */
final class VersityBucketsTest extends BucketsScenario {
    VersityBucketsTest(Lab lab, S3Servers servers) {
        super(lab, servers, servers.versitygw());
    }
}

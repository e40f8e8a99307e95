package io.tidemark.it;

import io.tidemark.it.s3.S3Servers;

/** The second region is S3Proxy. */
final class BucketsTest extends BucketsScenario {
    BucketsTest(Lab lab, S3Servers servers) {
        super(lab, servers, servers.s3proxy().http());
    }
}

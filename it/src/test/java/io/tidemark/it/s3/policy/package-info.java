/**
 * The policies of deploy/policies, evaluated in front of a server that knows one identity, and what a stolen credential can do.
 * Start with {@link io.tidemark.it.s3.policy.PolicyGate}.
 * Flow: request -> Signature (who is it, and is it?) -> AskedAction (what is asked?) -> Policy (may they?) -> signed anew for the server.
 * Never a second set of rules: the files that operators are given are read, with BUCKET and ROOT replaced as their README says.
 * Source: AWS IAM policy language (2012-10-17); Amazon S3 API reference, Authenticating Requests, and Actions defined by Amazon S3.
 */
@NullMarked
package io.tidemark.it.s3.policy;

import org.jspecify.annotations.NullMarked;

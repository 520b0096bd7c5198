import type { UnknownReason } from "../model/credentials";

/** What a failed question means and where to look next; fixed sentences, fit to be shown as they are. */
export interface Meaning {
  readonly meaning: string;
  readonly next: readonly string[];
}

/**
 * STS looks the key id and the token up first and checks the signature after that. The secret key is never sent, so a
 * damaged one cannot cause InvalidClientTokenId, and a wrong key id cannot cause SignatureDoesNotMatch.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const unknownKey: Meaning = {
  meaning:
    "AWS does not know this access key id, or not together with this session token, or not in this region. The secret key is not the cause: AWS had not looked at the signature yet.",
  next: [
    "If the key id starts with ASIA, check that the session token issued with it is set too; if it starts with AKIA, remove any session token beside it.",
    "Check in IAM that the key still exists and is active, and compare the key id character by character.",
    "If the region has to be enabled for an account, check that it is, or ask in us-east-1 to tell a dead key from a disabled region.",
    "Check that the key belongs to the region's partition: keys of AWS, GovCloud and China do not work in each other.",
    "A key made a few seconds ago may need a little longer to be known everywhere.",
    "If only aws_iam_* resources fail, the keys may come from GetSessionToken without MFA, which cannot call IAM.",
  ],
};

const wrongSignature: Meaning = {
  meaning:
    "AWS knows the access key id but computed another signature. The secret key is not this key's, was altered on its way here, or the clocks differ by more than five minutes.",
  next: [
    "Compare this machine's clock with the time AWS reported; more than five minutes apart is the whole explanation.",
    "Check the secret key for quotes, blanks, line breaks and missing characters at either end.",
    "Check that key id and secret key were issued together.",
  ],
};

const wrongClock: Meaning = {
  meaning: "The request was signed at a time that AWS does not accept: the clocks differ, or the request was held up.",
  next: ["Set this machine's clock by a time server, then ask again."],
};

const expired: Meaning = {
  meaning: "These temporary credentials were real and have expired.",
  next: [
    "Get new ones from where they came from: sign in again, assume the role again, or run the tool that wrote them.",
    "Replace all three values together: key id, secret key and session token.",
  ],
};

const denied: Meaning = {
  meaning: "AWS recognised the caller and a policy refuses the request.",
  next: [
    "The message names the caller and the action: check the policies of the caller, of the role it wants, and of the organization.",
    "For a role, compare its trust policy with the caller, the external id and the MFA condition.",
  ],
};

const notSubscribed: Meaning = {
  meaning: "The account of this key may not use the service yet.",
  next: ["Finish signing the account up in the AWS console; a new account can take a while to be activated."],
};

const tooManyRequests: Meaning = {
  meaning: "AWS received too many requests and did not look at this one. That says nothing about the key.",
  next: ["Ask again in a minute."],
};

const awsTrouble: Meaning = {
  meaning: "AWS could not answer because of a fault of its own. That says nothing about the key.",
  next: ["Ask again in a minute, and look at the AWS Health Dashboard if it persists."],
};

const meanings: ReadonlyMap<string, Meaning> = new Map([
  ["InvalidClientTokenId", unknownKey],
  // The same from services that speak JSON, from S3 and from EC2.
  ["UnrecognizedClientException", unknownKey],
  ["InvalidAccessKeyId", unknownKey],
  [
    "InvalidToken",
    {
      meaning: "AWS could not read the session token: it was cut short or altered, or does not belong to this key id.",
      next: ["Copy key id, secret key and session token again, all three from the same place and on one line each."],
    },
  ],
  [
    "AuthFailure",
    {
      meaning:
        "EC2 does not accept these credentials: the key is unknown, its region is not enabled, or the clocks differ.",
      next: [
        "Ask STS with the same credentials; its answer is more exact.",
        "If skip_credentials_validation is set, remove it to see the first failure instead of a later one.",
        "Check that the account has enabled the region.",
      ],
    },
  ],
  ["SignatureDoesNotMatch", wrongSignature],
  ["InvalidSignatureException", wrongSignature],
  ["RequestTimeTooSkewed", wrongClock],
  ["RequestExpired", wrongClock],
  ["ExpiredToken", expired],
  [
    "ExpiredTokenException",
    {
      meaning: "The temporary credentials have expired or, when a role is assumed, the identity provider's token has.",
      next: [
        ...expired.next,
        "For a web identity or SAML role, get a new token from the identity provider and use it at once.",
      ],
    },
  ],
  [
    "IncompleteSignature",
    {
      meaning:
        "AWS could not read the Authorization header, which holds the access key id: the id contains a blank or a slash, or the secret key stands in its place.",
      next: [
        "Check the access key id: 20 letters and digits that start with AKIA or ASIA.",
        "Check that key id and secret key were not swapped; if they were, the secret was sent and printed: replace the key.",
      ],
    },
  ],
  [
    "MissingAuthenticationToken",
    {
      meaning:
        "The request reached AWS without a signature: the credentials were empty, or a proxy removed the header.",
      next: ["Check that key id and secret key are not empty.", "Check what stands between this machine and AWS."],
    },
  ],
  ["AccessDenied", denied],
  ["AccessDeniedException", denied],
  [
    "InvalidIdentityToken",
    {
      meaning:
        "STS does not accept the web identity token: the account has no such OIDC provider, or the audience is another.",
      next: [
        "Check that IAM in the role's account has an identity provider for the token's issuer.",
        "Compare the token's audience with the provider's client ids.",
      ],
    },
  ],
  [
    "IDPCommunicationError",
    { meaning: "STS could not reach the identity provider to check the token.", next: ["Try again in a minute."] },
  ],
  [
    "IDPRejectedClaim",
    {
      meaning: "The identity provider rejected the token's claim, or the token was revoked.",
      next: ["Get a new token from the identity provider."],
    },
  ],
  [
    "RegionDisabledException",
    {
      meaning: "STS is switched off in this region for the account, so no credentials are issued here.",
      next: [
        "Have an administrator activate STS for the region in the IAM console's account settings.",
        "Or name another region for STS, with sts_region where Terraform takes it.",
      ],
    },
  ],
  [
    "ValidationError",
    {
      meaning: "A parameter of the call is malformed or out of range, such as a role ARN or a session's duration.",
      next: [
        "Check the role ARN, which needs a twelve-digit account id.",
        "Check the duration: the role's own maximum, and one hour where one role assumes another.",
      ],
    },
  ],
  [
    "MalformedPolicyDocument",
    {
      meaning: "The session policy sent with the call is not a policy that AWS can read.",
      next: ["Check the policy argument of assume_role."],
    },
  ],
  [
    "PackedPolicyTooLarge",
    {
      meaning: "The session policies and tags sent with the call are too large together.",
      next: ["Send fewer or shorter policies and tags."],
    },
  ],
  ["OptInRequired", notSubscribed],
  ["SubscriptionRequired", notSubscribed],
  ["Throttling", tooManyRequests],
  ["ThrottlingException", tooManyRequests],
  ["RequestLimitExceeded", tooManyRequests],
  ["TooManyRequestsException", tooManyRequests],
  ["InternalFailure", awsTrouble],
  ["InternalError", awsTrouble],
  ["ServiceUnavailable", awsTrouble],
]);

const unlisted: Meaning = {
  meaning: "AWS refused the request with a code that is not listed here.",
  next: [
    "Look the code up in the service's API reference.",
    "Run `aws sts get-caller-identity` with the same credentials.",
  ],
};

/** What an error code of AWS says about the caller's credentials; a general answer for codes not listed. */
export function explainCode(code: string): Meaning {
  return meanings.get(code) ?? unlisted;
}

const reasons: Readonly<Record<UnknownReason, Meaning>> = {
  cancelled: {
    meaning: "The check was cancelled before AWS answered.",
    next: ["Ask again when you like."],
  },
  timeout: {
    meaning: "No complete answer came in time. The network, a firewall or a proxy holds the connection up.",
    next: [
      "Check that this machine reaches the host over HTTPS.",
      "If Terraform works here through a proxy, note that this check may go another way than Terraform does.",
    ],
  },
  dns: {
    meaning: "The host name could not be looked up in DNS.",
    next: ["Check the network connection, the VPN and the DNS server."],
  },
  refused: {
    meaning: "Something at the host's address refused the connection: a firewall, or no server runs there.",
    next: ["Check firewalls and, for an address of your own, that the server is running."],
  },
  reset: {
    meaning: "The connection was cut before the answer was complete, by a firewall, a proxy or the network.",
    next: ["Ask again, and look at what stands between this machine and AWS if it persists."],
  },
  tls: {
    meaning:
      "The secure connection (TLS) failed: whoever answered has no certificate for the host that this machine trusts. Nothing was sent.",
    next: [
      "If a company proxy inspects TLS, start the program with NODE_EXTRA_CA_CERTS naming the company's certificate.",
      "Terraform also trusts what AWS_CA_BUNDLE names; this check does not read it, so the two can disagree.",
      "On a public network, sign in at its login page first.",
      "Check this machine's date, which certificates are judged by.",
    ],
  },
  "tls-verification-disabled": {
    meaning: "NODE_TLS_REJECT_UNAUTHORIZED=0 switches TLS verification off, so nothing was sent.",
    next: [
      "Unset NODE_TLS_REJECT_UNAUTHORIZED where this program is started.",
      "For a company's own certificate use NODE_EXTRA_CA_CERTS instead.",
    ],
  },
  proxy: {
    meaning: "A proxy stands between this machine and AWS and did not let the request through.",
    next: [
      "In the editor, check the http.proxy setting and the proxy's own sign-in.",
      "On the command line this check does not use HTTPS_PROXY, though Terraform does: the two can disagree here.",
    ],
  },
  "captive-portal": {
    meaning: "A web page came instead of AWS's answer: a login page of the network, or a filter's notice.",
    next: ["Open any web page in a browser, sign in to the network, then ask again."],
  },
  throttled: tooManyRequests,
  "aws-fault": awsTrouble,
  "unreadable-answer": {
    meaning: "The answer does not have the form AWS documents, so a proxy or another server may have sent it.",
    next: ["Check which server the host name leads to, and whether a proxy rewrites answers."],
  },
  "unsendable-key": {
    meaning:
      "The key id or session token cannot be sent as it stands: it is empty, far too long, holds characters that no request header carries, or is a secret key in the wrong place. Nothing was sent.",
    next: ["Look for line breaks, typographic quotes and invisible characters, and for swapped values."],
  },
  "unknown-region": {
    meaning: "The region is not one that CallerID knows a host for, so nothing was sent.",
    next: ["Correct the region's name; if it is newer than this version of CallerID, name another of its partition."],
  },
  "forbidden-endpoint": {
    meaning:
      "The endpoint is not allowed: it has to be an https address, or http on this machine, and nothing but scheme, host and port. Nothing was sent.",
    next: ["Correct the endpoint, for example http://localhost:4566 or https://sts.example.com."],
  },
  network: {
    meaning: "The network failed before AWS answered.",
    next: ["Check the network connection and the VPN, then ask again."],
  },
};

/** Which layer kept the answer away; says nothing about the key, which may be good. */
export function explainUnknown(reason: UnknownReason): Meaning {
  return reasons[reason];
}

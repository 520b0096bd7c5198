import assert from "node:assert/strict";
import { test } from "node:test";
import { explainCode, explainUnknown } from "../src/aws/errors";
import {
  allRegions,
  homeRegion,
  isKnownRegion,
  isPossibleRegion,
  nearestRegion,
  partitionOf,
  partitions,
  regionInfo,
  stsHost,
} from "../src/aws/regions";
import type { UnknownReason } from "../src/model/credentials";

test("the table has AWS's 34 commercial regions, half of them opt-in, and those of seven other partitions", () => {
  const infos = allRegions.map((name) => regionInfo(name));
  const commercial = infos.filter((one) => one?.partition === "aws");
  assert.equal(commercial.length, 34);
  assert.equal(commercial.filter((one) => one?.optIn).length, 17);
  assert.equal(allRegions.length, 46);
  assert.equal(new Set(allRegions).size, allRegions.length);
  assert.ok(infos.every((one) => one && (one.partition === "aws" || !one.optIn)));
});

test("every region has the form of its own partition, and every partition's home is one of its regions", () => {
  for (const { name, regions, home } of partitions) {
    for (const region of regions) assert.equal(partitionOf(region), name, region);
    assert.ok(regions.includes(home));
    assert.equal(homeRegion(name), home);
  }
});

test("STS hosts", () => {
  const hosts = {
    "us-east-1": "sts.us-east-1.amazonaws.com",
    "me-south-1": "sts.me-south-1.amazonaws.com",
    "cn-north-1": "sts.cn-north-1.amazonaws.com.cn",
    "us-gov-west-1": "sts.us-gov-west-1.amazonaws.com",
    "eusc-de-east-1": "sts.eusc-de-east-1.amazonaws.eu",
    "us-iso-east-1": "sts.us-iso-east-1.c2s.ic.gov",
    "us-isob-east-1": "sts.us-isob-east-1.sc2s.sgov.gov",
    "eu-isoe-west-1": "sts.eu-isoe-west-1.cloud.adc-e.uk",
    "us-isof-south-1": "sts.us-isof-south-1.csp.hci.ic.gov",
  };
  for (const [region, host] of Object.entries(hosts)) assert.equal(stsHost(region), host);
  for (const region of allRegions) assert.equal(new URL(`https://${stsHost(region)}`).host, stsHost(region));
});

test("a host is never made of a name that is not in the table", () => {
  for (const name of ["mars-1", "us-east-1\n", "US-EAST-1", "x@127.0.0.1:80/#", "", "__proto__", "constructor"]) {
    assert.equal(isKnownRegion(name), false);
    assert.equal(regionInfo(name), undefined);
    assert.throws(() => stsHost(name), RangeError);
  }
});

test("misspelt regions", () => {
  const meant = {
    "us-esat-1": "us-east-1",
    "us-east-1a": "us-east-1",
    "eu-central-1a": "eu-central-1",
    "us-east-1-bos-1a": "us-east-1",
    "US-EAST-1": "us-east-1",
    "us-east-1 ": "us-east-1",
    "us-east-1\n": "us-east-1",
    us_east_1: "us-east-1",
    "eu-west1": "eu-west-1",
    useast1: "us-east-1",
    "us-1-east": "us-east-1",
    "north-eu-1": "eu-north-1",
    "ap-south-east-2": "ap-southeast-2",
    "ap-southest-2": "ap-southeast-2",
    "us-gov-west": "us-gov-west-1",
    "us.west.2": "us-west-2",
  };
  for (const [name, region] of Object.entries(meant)) assert.equal(nearestRegion(name), region, name);
});

test("no guess where none is near, two are, or the name may be a new region's", () => {
  for (const name of ["mars-1", "*", "", "frankfurt", "aws-global", "us-moon-1", "us-east", "x".repeat(1e6)]) {
    assert.equal(nearestRegion(name), undefined, name);
    assert.equal(isPossibleRegion(name), false, name);
  }
  for (const name of ["eu-west-4", "us-east-3", "ap-southeast-8", "mx-north-1", "us-gov-central-1"]) {
    assert.equal(nearestRegion(name), undefined, name);
    assert.equal(isPossibleRegion(name), true, name);
  }
  for (const name of allRegions) assert.equal(nearestRegion(name), undefined);
});

const codes =
  "InvalidClientTokenId SignatureDoesNotMatch ExpiredToken ExpiredTokenException IncompleteSignature MissingAuthenticationToken AccessDenied InvalidIdentityToken IDPCommunicationError IDPRejectedClaim RegionDisabledException ValidationError MalformedPolicyDocument PackedPolicyTooLarge OptInRequired SubscriptionRequired UnrecognizedClientException InvalidAccessKeyId InvalidToken AuthFailure Throttling RequestTimeTooSkewed RequestExpired InvalidSignatureException".split(
    " ",
  );

test("every known code has a meaning of its own, and every other one the general one", () => {
  const general = explainCode("NoSuchCode");
  for (const code of codes) {
    assert.notEqual(explainCode(code), general, code);
    assert.ok(explainCode(code).next.length > 0, code);
  }
  for (const code of ["", "__proto__", "constructor", "toString"]) assert.equal(explainCode(code), general);
});

test("no code's advice repeats a superstition", () => {
  for (const { meaning, next } of [...codes, "NoSuchCode"].map(explainCode)) {
    const text = [meaning, ...next].join(" ");
    assert.doesNotMatch(text, /special character|regenerate|sts:GetCallerIdentity|cli\/cache|url-?encod|%|!/i);
  }
});

test("what kept an answer away is never blamed on the key", () => {
  const reasons: Record<UnknownReason, RegExp> = {
    cancelled: /cancelled/,
    timeout: /network|firewall|proxy/,
    dns: /DNS/,
    refused: /refused/,
    reset: /firewall|proxy/,
    tls: /TLS/,
    "tls-verification-disabled": /NODE_TLS_REJECT_UNAUTHORIZED/,
    proxy: /proxy/,
    "captive-portal": /login page/,
    throttled: /too many requests/,
    "aws-fault": /AWS could not/,
    "unreadable-answer": /proxy/,
    "unsendable-key": /cannot be sent/,
    "unknown-region": /region/,
    "forbidden-endpoint": /endpoint/,
    network: /network/,
  };
  for (const [reason, layer] of Object.entries(reasons)) {
    const { meaning, next } = explainUnknown(reason as UnknownReason);
    assert.match(meaning, layer, reason);
    assert.doesNotMatch([meaning, ...next].join(" "), /invalid|wrong key|rejected/i, reason);
    assert.ok(next.length > 0);
  }
});

import { hostOf, isAwsHost } from "../aws/hosts";
import type { OutputError } from "../documents/terraformOutput";
import type { CredentialSet, Endpoint } from "../model/credentials";
import { describeSet } from "../model/describe";
import { familyOf } from "./errorFamilies";
import { blocksBehind, type Evidence, type Here } from "./here";

/** Blocks that send some services elsewhere and leave STS at AWS, which then refuses the other place's keys. */
export function endpointEvidence(error: OutputError, here: Here): readonly Evidence[] {
  if (familyOf(error.code) !== "key" && familyOf(error.code) !== "signature") return [];
  return blocksBehind(error, here).flatMap((set): readonly Evidence[] => {
    const { endpoints = [] } = set;
    const elsewhere = endpoints.find(isElsewhere);
    if (!elsewhere || endpoints.some(({ service }) => service === "sts" || service === "")) return [];
    const evidence = `The address of ${elsewhere.service} in ${describeSet(set)} is not AWS's, and calls to STS still go to AWS.`;
    return [{ id: causeIn(set), likelihood: "likely", evidence, at: elsewhere.at }];
  });
}

const causeIn = ({ origin }: CredentialSet) => (origin.kind === "provider" ? "mock-endpoint-leak" : "non-aws-endpoint");

const isElsewhere = ({ url }: Endpoint) => url.kind === "literal" && !isAwsHost(hostOf(url.text));

import { languageOf } from "../documents";
import type { OutputError } from "../documents/terraformOutput";
import type { Facts } from "../facts/facts";
import type { Chain } from "../model/chain";
import type { CredentialSet } from "../model/credentials";
import type { Finding } from "../model/finding";
import type { Location } from "../model/text";
import type { Suspicion } from "./suspicion";

/** What the workspace knows when an error is explained. */
export interface Here {
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  /** Provider blocks, backends and remote states of the directory that Terraform runs in. */
  readonly blocks: readonly CredentialSet[];
  readonly chainOf: (set: CredentialSet) => Chain;
}

/** A cause that the files or the environment speak for. */
export interface Evidence extends Suspicion {
  readonly at?: Location;
}

/** The blocks that an error may come from. */
export function blocksBehind(error: OutputError, { blocks }: Here): readonly CredentialSet[] {
  return blocks.filter((set) => isConcerned(set, error));
}

function isConcerned({ origin }: CredentialSet, { stage, isStageGuessed, address }: OutputError): boolean {
  if (isStageGuessed) return true;
  switch (stage) {
    case "backend":
    case "init":
      return origin.kind === "backend";
    case "remote-state":
      return origin.kind === "remote-state";
    case "provider":
    case "refresh":
    case "resource":
      return origin.kind === "provider" && isNamed(origin.address, address);
    default:
      return true;
  }
}

/** `provider["registry.terraform.io/hashicorp/aws"].east` is the block `aws.east`. */
function isNamed(block: string, address: string | undefined): boolean {
  const alias = /provider(?:\["[^"]*"\]|\.aws)(?:\.([\w-]+))?$/.exec(address ?? "");
  return alias === null || block === (alias[1] === undefined ? "aws" : `aws.${alias[1]}`);
}

/** Whether keys come from what `terraform init` has stored. */
export const isStored = ({ winner }: Chain) => winner?.at !== undefined && languageOf(winner.at.path) === "init-cache";

import type { Chain } from "../../src/model/chain";

/** A chain of the implicit provider that comes to nothing, but for what is given. */
export function chainWith(given: Partial<Chain> = {}): Chain {
  const nothing = { roles: [] };
  return {
    target: { kind: "provider", name: "aws" },
    roles: [],
    steps: [],
    shadowed: [],
    others: { "aws-cli": nothing, "aws-sdk-js": nothing },
    ...given,
  };
}

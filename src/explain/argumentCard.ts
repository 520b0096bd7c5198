import type { Chain, ChainStep } from "../model/chain";
import type { ArgumentRole } from "./argumentAt";
import { notesOf } from "./chainNotes";
import type { ChainNames } from "./chainTree";
import { problemWords, roleWords, targetWords, winnerWords } from "./chainWords";
import type { Card } from "./profileCard";
import { whereWords } from "./whereWords";

type Names = Pick<ChainNames, "placeOf" | "ownerOf">;

/** What an argument does for the credentials of its block: who wins, why, and where that stands. */
export function argumentCard(chain: Chain, role: ArgumentRole, names: Names): Card {
  const lines = role === "region" ? regionLines(chain, names) : credentialLines(chain, role, names);
  return { title: role === "region" ? "Region of" : "Credentials of", name: targetWords(chain.target), lines };
}

function regionLines({ region }: Chain, names: Names): readonly string[] {
  if (!region) return ["It cannot be told from here."];
  const reasons = {
    block: "the argument comes before AWS_REGION, AWS_DEFAULT_REGION and the profile.",
    arg: "what the command line gives comes before the block.",
    env: "the block names none, and the variable comes before the profile.",
    profile: "neither the block nor a variable names one.",
    imds: "nothing else names one.",
  };
  return [`${region.name}${whereWords(region, names, " — ")}: ${reasons[region.via]}`];
}

function credentialLines(chain: Chain, role: ArgumentRole, names: Names): readonly string[] {
  const { problem, winner, roles, shadowed, steps } = chain;
  const notes = notesOf(chain, names.ownerOf).map(({ sentence }) => sentence);
  const used = steps.find(({ status }) => status === "used");
  const lines = [
    ...(winner
      ? [`Used: ${winnerWords(winner)}${whereWords(winner, names, " — ")}${used ? `: ${used.why}` : ""}.`]
      : []),
    ...roles.map((one) => `${capital(roleWords(one))}${whereWords(one, names, " — ")}.`),
  ];
  if (problem) return [`${problemWords(problem)}${whereWords(problem, names, " — ")}`, ...lines, ...notes];
  const own = ownStep(chain, role);
  return [
    ...lines,
    ...(own?.status === "absent" || own?.status === "skipped" ? [`${capital(own.source)}: ${own.why}.`] : []),
    ...shadowed.map((one) => `Shadowed: ${winnerWords(one)}${whereWords(one, names, " — ")}: ${one.why}.`),
    ...notes,
  ];
}

/** The rung that the argument stands for. */
function ownStep({ steps }: Chain, role: ArgumentRole): ChainStep | undefined {
  if (role === "keys") return steps.find(({ source }) => source === "keys in the block");
  return role === "profile" ? steps.find(({ source }) => source.startsWith("profile ")) : undefined;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

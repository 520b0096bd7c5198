import { createColors } from "picocolors";
import { problemWords, roleWords, targetWords, winnerWords } from "../../explain/chainWords";
import type { Chain, ChainProblem, ChainSource, ChainTarget, Outcome, Spot } from "../../model/chain";
import { lineStarts, positionAt } from "../../model/text";
import { jsonText, plainLine, printable } from "../output";
import { type Places, placeOf } from "./json";

/** One chain, field by field as the command line's contract has it. */
export function chainJson(chain: Chain, places: Places): string {
  return jsonText(chainObject(chain, places));
}

export function chainsJson(chains: readonly Chain[], places: Places): string {
  return jsonText({ version: 1, blocks: chains.map((chain) => chainObject(chain, places)) });
}

const kinds: Readonly<Partial<Record<ChainTarget["kind"], string>>> = {
  backend: "backend",
  provider: "provider",
  "remote-state": "remote_state",
};

function chainObject(chain: Chain, places: Places) {
  const { target, region, problem } = chain;
  const kind = kinds[target.kind];
  const { file = null, line = null } = target.at ? placeIn(target, places) : {};
  return {
    schema: "callerid.explain/1",
    target: {
      ...(kind === undefined ? {} : { kind }),
      type: target.kind === "backend" || target.kind === "remote-state" ? "s3" : null,
      alias: target.alias ?? null,
      name: target.name ?? null,
      file,
      line,
    },
    ...outcomeObject(chain, places),
    region: region ? { value: region.name, via: region.via, ...placeIn(region, places, true) } : null,
    steps: chain.steps.map((step, index) => ({
      order: index + 1,
      source: printable(step.source),
      status: step.status,
      why: printable(step.why),
      ...placeIn(step, places, true),
    })),
    shadowed: chain.shadowed.map((one) => ({ ...sourceObject(one, places), why: printable(one.why) })),
    problem: problem ? problemObject(problem, places) : null,
    others: {
      "aws-cli": outcomeObject(chain.others["aws-cli"], places),
      "aws-sdk-js": outcomeObject(chain.others["aws-sdk-js"], places),
    },
  };
}

function outcomeObject({ winner, roles, problem }: Outcome, places: Places) {
  return {
    winner: winner ? sourceObject(winner, places) : null,
    chain: roles.map((role) => ({
      op: role.operation,
      roleArn: role.roleArn,
      ...(role.externalId === undefined ? {} : { externalId: role.externalId }),
      ...(role.sessionName === undefined ? {} : { sessionName: role.sessionName }),
      via: role.via,
      ...placeIn({ ...(role.at ? { at: role.at } : {}) }, places),
    })),
    problem: problem ? problemObject(problem, places) : null,
  };
}

function sourceObject(source: ChainSource, places: Places) {
  const { kind, ending, hasToken, profile } = source;
  return {
    kind,
    accessKeyId: ending === undefined ? null : `****${ending}`,
    ...(hasToken === undefined ? {} : { hasToken }),
    ...(profile === undefined ? {} : { profile }),
    ...placeIn(source, places),
  };
}

function problemObject({ code, stage, message, isPossible, ...spot }: ChainProblem, places: Places) {
  const possible = isPossible ? { possible: true } : {};
  return { code, stage, message: printable(message), ...possible, ...placeIn(spot, places, true) };
}

/** A variable, an argument, or a file and its line; `plain` leaves the argument out, where the contract has no room for it. */
function placeIn(spot: Spot, { text }: Places, plain = false) {
  if (spot.variable !== undefined) return { variable: spot.variable };
  if (spot.argument) return plain ? {} : { arg: spot.argument };
  if (!spot.at) return {};
  const { line } = positionAt(lineStarts(text(spot.at.path)), spot.at.span.start);
  return { file: spot.at.path, line: line + 1 };
}

/** For people: who wins and where it stands, the roles on top, what stops it, and why the others lost. */
export function chainsText(chains: readonly Chain[], places: Places, color: boolean): string {
  if (chains.length === 0) return "There is no AWS provider, S3 backend or remote state in this directory.\n";
  return chains.map((chain) => chainText(chain, places, color)).join("\n");
}

function chainText(chain: Chain, places: Places, color: boolean): string {
  const colors = createColors(color);
  const { target, winner, region, problem } = chain;
  const where = (spot: Spot) => whereText(spot, places);
  const lines = [`${colors.bold(plainLine(targetWords(target)))}${dimmed(where(target))}`];
  if (winner)
    lines.push(
      `  ${problem ? colors.yellow("!") : colors.green("✓")} ${printable(winnerWords(winner))}${dimmed(where(winner))}`,
    );
  for (const role of chain.roles) lines.push(`    ${printable(roleWords(role))}${dimmed(where(role))}`);
  if (problem) lines.push(`  ${colors.red("✗")} ${printable(problemWords(problem))}${dimmed(where(problem))}`);
  if (region && !problem) lines.push(colors.dim(`    in ${printable(region.name)}${where(region)}`));
  const others = chain.steps.filter((step) => step.status !== "used" && step.status !== "invalid");
  const width = Math.max(...others.map((step) => step.source.length));
  for (const step of others) {
    const why = `${printable(step.source).padEnd(width)}  ${printable(step.why)}`;
    const isLoser = step.status === "not-reached" || step.status === "skipped";
    lines.push(isLoser ? `    ${why}${dimmed(where(step))}` : colors.dim(`    ${why}`));
  }
  return `${lines.join("\n")}\n`;

  function dimmed(text: string): string {
    return text === "" ? "" : colors.dim(text);
  }
}

function whereText({ at, variable, argument }: Spot, places: Places): string {
  if (variable !== undefined) return `  ${printable(variable)}`;
  if (argument) return `  ${argument}`;
  if (!at) return "";
  const { file, line } = placeOf(at, places);
  return `  ${printable(`${file}:${line}`)}`;
}

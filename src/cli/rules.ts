import type { Command } from "commander";
import { didYouMean } from "../explain/suggest";
import { rules } from "../rules";
import { pageOf, type Rule } from "../rules/rule";
import { type Console, formatOption, UsageError } from "./console";
import { jsonText } from "./output";

export function addRules(program: Command, console: Console): void {
  program
    .command("rules")
    .description("the catalogue, or one rule's page")
    .argument("[ID]", "a rule")
    .addOption(formatOption("text", "json"))
    .addHelpText(
      "after",
      `
Examples:
  callerid rules
  callerid rules --format json
  callerid rules temporary-key-without-token
`,
    )
    .action((id: string | undefined, { format: wanted }: { format: "text" | "json" }) => {
      const shown = id === undefined ? rules : rules.filter((rule) => rule.id === id);
      if (id !== undefined && shown.length === 0) {
        const ids = rules.map((rule) => rule.id);
        throw new UsageError(`there is no rule ${id}${didYouMean(id, ids) || "; callerid rules lists them"}`);
      }
      if (wanted === "json") console.stdout(rulesJson(shown));
      else console.stdout(id === undefined ? catalogue(shown) : page(shown[0] as Rule));
    });
}

function rulesJson(shown: readonly Rule[]): string {
  const entries = shown.map(({ id, title, severity, why, remedy, links }) => ({
    id,
    title,
    severity,
    why,
    remedy,
    links,
  }));
  return jsonText({ version: 1, rules: entries });
}

function catalogue(shown: readonly Rule[]): string {
  const width = Math.max(...shown.map((rule) => rule.id.length));
  return shown.map((rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.title}\n`).join("");
}

function page(rule: Rule): string {
  const parts = [`${rule.id} (${rule.severity})`, rule.title, "", rule.why, "", `What to do: ${rule.remedy}`];
  if (rule.silence) parts.push("", `Silent on: ${rule.silence}`);
  parts.push("", ...rule.links, pageOf(rule.id), "");
  return parts.join("\n");
}

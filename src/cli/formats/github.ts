import type { Severity } from "../../model/finding";
import { printable } from "../output";
import { placeOf, type ScanResult } from "./json";

const commands: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "notice",
  hint: "notice",
};

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands */
export function scanGithub(result: ScanResult): string {
  return result.findings
    .map((finding) => {
      const { file, line, column, endLine, endColumn } = placeOf(finding.at, result);
      const values = { file, line, col: column, endLine, endColumn, title: `CallerID ${finding.rule}` };
      const properties = Object.entries(values).map(([name, value]) => `${name}=${property(String(value))}`);
      return `::${commands[finding.severity]} ${properties.join(",")}::${data(finding.message)}\n`;
    })
    .join("");
}

const data = (text: string) => printable(text).replaceAll("%", "%25");
const property = (text: string) => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

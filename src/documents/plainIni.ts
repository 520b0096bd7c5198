import { parse } from "ini";

/**
 * What a reader of plain INI files gets for a setting: npm's `ini`, which many tools use and which knows nothing of AWS.
 * Undefined where it finds no such text.
 */
export function plainIniValue(text: string, section: string, key: string): string | undefined {
  const found = own(parsed(text), section);
  const value = typeof found === "object" && found !== null ? own(found as Table, key) : undefined;
  return typeof value === "string" ? value : undefined;
}

type Table = Readonly<Record<string, unknown>>;

function parsed(text: string): Table {
  try {
    return parse(text);
  } catch {
    return {};
  }
}

const own = (table: Table, name: string): unknown => (Object.hasOwn(table, name) ? table[name] : undefined);

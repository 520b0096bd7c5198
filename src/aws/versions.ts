/** Whether every version that a Terraform version constraint admits lies below `limit`; false where that is not certain. */
export function admitsOnlyBelow(constraint: string, limit: readonly number[]): boolean {
  const conditions = constraint.split(",").map((one) => condition.exec(one.trim()));
  return conditions.every((one) => one !== null) && conditions.some((one) => one && isBelow(one, limit));
}

/** Whether no version that a constraint admits lies below `limit`; false where that is not certain. */
export function admitsNothingBelow(constraint: string, limit: readonly number[]): boolean {
  const conditions = constraint.split(",").map((one) => condition.exec(one.trim()));
  return conditions.every((one) => one !== null) && conditions.some((one) => one && startsAt(one, limit));
}

function startsAt([, operator = "=", text = ""]: RegExpExecArray, limit: readonly number[]): boolean {
  return /^(?:=|>=|>|~>)$/.test(operator) && compare(text.split(".").map(Number), limit) >= 0;
}

const condition = /^(=|!=|>=|<=|>|<|~>)?\s*(\d+(?:\.\d+){0,2})$/;

function isBelow([, operator = "=", text = ""]: RegExpExecArray, limit: readonly number[]): boolean {
  const version = text.split(".").map(Number);
  if (operator === "=" || operator === "<=") return compare(version, limit) < 0;
  if (operator === "<") return compare(version, limit) <= 0;
  return operator === "~>" && compare(nextAfter(version), limit) <= 0;
}

/** The first version that `~>` no longer admits: its last segment may grow, those before it may not. */
function nextAfter(version: readonly number[]): readonly number[] {
  const fixed = version.slice(0, Math.max(1, version.length - 1));
  return fixed.map((part, index) => (index === fixed.length - 1 ? part + 1 : part));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

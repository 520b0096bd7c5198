/** The forms that login tools write: RFC 3339, the AWS CLI's `…UTC`, and `YYYY-MM-DD HH:MM:SS` in UTC. */
export function expiryOf(text: string | undefined): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|UTC|[+-]\d\d:?\d\d)?$/.exec(
    text?.trim() ?? "",
  );
  if (!match) return undefined;
  const zone = match[3] === undefined || match[3] === "UTC" ? "Z" : match[3].replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const date = new Date(`${match[1]}T${match[2]}${zone}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

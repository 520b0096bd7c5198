import type { ScriptDocument, ShellCommand, ShellPiece } from "../documents/shell";
import type { Location } from "../model/text";

/** A place where ordinary characters of a secret key or token mean something else. */
export interface RiskyUse {
  readonly place: "url" | "sed";
  readonly variable: string;
  readonly at: Location;
}

const secretName = /^AWS_(?:SECRET_ACCESS_KEY|SECRET_KEY|SESSION_TOKEN)$/;

export function riskyUsesIn({ source, commands }: ScriptDocument): readonly RiskyUse[] {
  return commands.flatMap((command) =>
    usesIn(command).map((use) => ({ ...use, at: { path: source.path, span: use.span } })),
  );
}

function usesIn({
  name,
  words,
  assignments,
}: ShellCommand): readonly (Omit<RiskyUse, "at"> & Pick<ShellPiece, "span">)[] {
  const all = [...words, ...assignments.map(({ value }) => value)];
  return all.flatMap(({ pieces }) =>
    pieces.flatMap((piece, index) => {
      if (piece.kind !== "variable" || !secretName.test(piece.name)) return [];
      const before = pieces
        .slice(0, index)
        .map((one) => (one.kind === "text" ? one.text : "x"))
        .join("");
      const after = pieces
        .slice(index + 1)
        .map((one) => (one.kind === "text" ? one.text : "x"))
        .join("");
      const place = placeOf(name, before, after);
      return place ? [{ place, variable: piece.name, span: piece.span }] : [];
    }),
  );
}

function placeOf(name: string, before: string, after: string): RiskyUse["place"] | undefined {
  // Between scheme and @ a slash ends the host; behind ? and & a plus is a blank.
  if (/:\/\/[^/?#\s]*:$/.test(before) && /^[^/\s]*@/.test(after)) return "url";
  if (/:\/\/[^\s]*[?&][\w.-]+=$/.test(before)) return "url";
  return /(?:^|\/)g?sed$/.test(name) && /(?:^|[;\s])s\/(?:[^/]|\\\/)*\/[^/]*$/.test(before) ? "sed" : undefined;
}

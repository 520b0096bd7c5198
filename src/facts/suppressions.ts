import type { Document, Suppression } from "../documents/document";
import type { Finding } from "../model/finding";
import { type Location, lineStarts, positionAt, type SourceFile, type Span, type TextEdit } from "../model/text";

/** A rule that a comment silences. */
export interface SilencedRule {
  /** As written. */
  readonly rule: string;
  readonly at: Location;
  readonly hidesSomething: boolean;
  /** Takes the comment away; empty where it says more than this. */
  readonly removal: readonly TextEdit[];
}

/** The comments of a workspace that silence findings; what they hide is noted as they are asked. */
export class Suppressions {
  readonly #byPath = new Map<string, { readonly source: SourceFile; readonly starts: readonly number[] } & Listed>();
  readonly #used = new Set<Span>();

  add({ source, suppressions }: Document): void {
    if (suppressions.length === 0) return;
    this.#byPath.set(source.path, { source, starts: lineStarts(source.text), suppressions });
  }

  hides({ rule, at }: Finding): boolean {
    const file = this.#byPath.get(at.path);
    if (!file) return false;
    const { line } = positionAt(file.starts, at.span.start);
    const here = file.suppressions.filter((one) => one.line === line).flatMap(({ rules }) => rules);
    const hiding = here.filter(({ name }) => name === rule);
    for (const { span } of hiding) this.#used.add(span);
    return hiding.length > 0;
  }

  /** Every rule that is named in a comment, with what came of it so far. */
  silenced(): readonly SilencedRule[] {
    return [...this.#byPath.values()].flatMap(({ source, suppressions }) =>
      suppressions.flatMap((suppression) =>
        suppression.rules.map(({ name, span }) => ({
          rule: name,
          at: { path: source.path, span },
          hidesSomething: this.#used.has(span),
          removal: removalOf(suppression, source),
        })),
      ),
    );
  }
}

interface Listed {
  readonly suppressions: readonly Suppression[];
}

function removalOf({ rules, span }: Suppression, { path, text }: SourceFile): readonly TextEdit[] {
  const comment = text.slice(span.start, span.end);
  if (
    rules.length > 1 ||
    !/^(?:#+|\/\/|\/\*|;|rem\b)[ \t]*callerid-ignore\b(?!.*callerid-ignore)[^\r\n]*$/i.test(comment)
  )
    return [];
  let { start, end } = span;
  while (text[start - 1] === " " || text[start - 1] === "\t") start--;
  // Alone on its line it takes the line along.
  const isAlone = start === 0 || /[\r\n]/.test(text[start - 1] ?? "");
  const lineBreak = isAlone ? /^[ \t]*(?:\r\n|\n|\r)/.exec(text.slice(end))?.[0] : undefined;
  if (isAlone && lineBreak === undefined) start = span.start;
  end += lineBreak?.length ?? 0;
  return [{ path, span: { start, end }, pieces: [] }];
}

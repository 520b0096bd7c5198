import type { ShellPiece, ShellWord } from "../documents/shell";
import type { YamlScalar } from "../documents/yaml";
import type { Span } from "../model/text";

/** A variable taken over from who starts the container. */
export function passedOn(name: string, span: Span): ShellWord {
  return { span, pieces: [{ kind: "variable", name, quoted: false, span }], quotes: "none", text: undefined };
}

const interpolation = /\$\$|\$\{([A-Za-z_]\w*)(?:(:?[-?+])((?:[^{}$]|\$\{[^}]*\})*))?\}|\$([A-Za-z_]\w*)|[^$]+|\$/g;

/** A value with `$NAME` as Compose interpolates it; `span` is its part of the scalar. */
export function composeWord(text: string, scalar: YamlScalar, span: Span): ShellWord {
  const written = text.slice(span.start, span.end);
  const content = scalar.text.slice(span.start - scalar.contentSpan.start);
  // Where escapes move the characters, the whole value stands for each of its pieces.
  const isExact = content === written;
  const pieces: ShellPiece[] = [...(isExact ? written : content).matchAll(interpolation)].map((match) => {
    const [one, braced, operator, operand = "", plain] = match;
    const at = isExact ? { start: span.start + match.index, end: span.start + match.index + one.length } : span;
    const name = braced ?? plain;
    if (name === undefined) return { kind: "text", text: one === "$$" ? "$" : one, quoted: false, span: at };
    const start = at.end - 1 - operand.length;
    const fallback = isExact && operator?.endsWith("-") && !operand.includes("$") ? wordOf(operand, start) : undefined;
    return { kind: "variable", name, ...(fallback ? { fallback } : {}), quoted: false, span: at };
  });
  const isKnown = pieces.every(({ kind }) => kind === "text");
  const known = pieces.map((piece) => (piece.kind === "text" ? piece.text : "")).join("");
  return { span, pieces, quotes: isExact ? "none" : "mixed", text: isKnown ? known : undefined };
}

function wordOf(text: string, start: number): ShellWord {
  const span = { start, end: start + text.length };
  const pieces: readonly ShellPiece[] = text === "" ? [] : [{ kind: "text", text, quoted: false, span }];
  return { span, pieces, quotes: "none", text };
}

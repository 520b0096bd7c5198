/** What a fixture claims: this rule, on exactly these characters. */
export interface Claim {
  readonly rule: string;
  readonly path: string;
  /** Zero-based line and columns, end exclusive. */
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

const caret = /^\s*#\s*(\^+)\s+([a-z][a-z0-9-]*)\s*$/;
const arrow = /^\s*#<(-*)\s+([a-z][a-z0-9-]*)\s*$/;

/**
 * `# ^^^ rule` claims those columns of the line above; `#<-- rule` as many from column 1 as the arrow is long, plus what
 * the `#` would hide: `#<` is one column, `#<-` two. Claims stack.
 */
export function claimsIn(path: string, text: string): Claim[] {
  const claims: Claim[] = [];
  let subject = 0;
  text.split(/\r\n|\n|\r/).forEach((line, index) => {
    const carets = caret.exec(line);
    const arrows = carets ? null : arrow.exec(line);
    if (carets) {
      const start = line.indexOf("^");
      claims.push({ rule: carets[2] ?? "", path, line: subject, start, end: start + (carets[1]?.length ?? 0) });
    } else if (arrows) {
      claims.push({ rule: arrows[2] ?? "", path, line: subject, start: 0, end: (arrows[1]?.length ?? 0) + 1 });
    } else {
      subject = index;
    }
  });
  return claims;
}

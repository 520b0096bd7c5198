import type { ShellAssignment } from "../documents/shell";
import type { Span } from "../model/text";

const named =
  /(?<![\w$])(aws_secret_access_key|aws_session_token|AWS_SECRET_ACCESS_KEY|AWS_SECRET_KEY|AWS_SESSION_TOKEN)(?:\\?["']?[ \t]*[=:][ \t]*\\?["']?|[ \t]+["']?)([A-Za-z0-9/+=]{40,})(?![A-Za-z0-9/+=])/g;
const comment = /^[ \t@]*(?:#|rem\b|::)/i;

/** Values as long as a secret behind a secret's name, whatever is done with the two: a here-document, `echo`, an argument. */
export function namedSecrets(text: string, { start, end }: Span): readonly ShellAssignment[] {
  return [...text.slice(start, end).matchAll(named)].flatMap((match) => {
    const [whole, name = "", value = ""] = match;
    const at = start + match.index;
    const line = text.slice(text.lastIndexOf("\n", at) + 1, at);
    if (comment.test(line)) return [];
    const span = { start: at + whole.length - value.length, end: at + whole.length };
    const nameSpan = { start: at, end: at + name.length };
    const pieces = [{ kind: "text" as const, text: value, quoted: false, span }];
    return {
      name,
      nameSpan,
      value: { span, pieces, quotes: "none" as const, text: value },
      span: { start: at, end: span.end },
    };
  });
}
